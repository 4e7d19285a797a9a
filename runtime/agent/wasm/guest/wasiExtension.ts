import { errno, type Errno } from './errno.ts';
import type { WasiFunctions } from './wasiFunctions.ts';

/** Brings the rest of WASI preview 1 to a module: `@wasmer/wasi`'s. `own` go before it. */
export type WasiExtension = (module: WebAssembly.Module, own: WasiFunctions) => ExtendedInstance;

export interface ExtendedInstance {
  readonly instance: WebAssembly.Instance;
  free(): void;
}

/** What `@wasmer/wasi` has beside our own. */
export const extensionNames: readonly string[] = [
  'fd_advise',
  'fd_allocate',
  'fd_fdstat_set_rights',
  'fd_filestat_set_size',
  'fd_filestat_set_times',
  'fd_pread',
  'fd_pwrite',
  'fd_readdir',
  'fd_renumber',
  'path_create_directory',
  'path_filestat_get',
  'path_filestat_set_times',
  'path_link',
  'path_open',
  'path_readlink',
  'path_remove_directory',
  'path_rename',
  'path_symlink',
  'path_unlink_file',
  'sock_recv',
  'sock_send',
  'sock_shutdown',
];

const highestDescriptor = 2;

/**
 * The functions, as far as they are about stdin, stdout and stderr. `@wasmer/wasi` keeps a root directory in memory at
 * descriptor 3, where a node has none.
 */
export function withoutFiles(functions: WasiFunctions): WasiFunctions {
  return Object.fromEntries(
    Object.entries(functions).map(([name, call]): [string, (...args: unknown[]) => Errno] => {
      const anyCall = call as (...args: unknown[]) => Errno;
      return [
        name,
        (...args) => (Number(args[0]) >>> 0 > highestDescriptor ? errno.badf : anyCall(...args)),
      ];
    }),
  );
}
