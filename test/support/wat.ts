import wabt from 'wabt';

/** The functions of WASI preview 1 that the programs below use, with their parameters. */
const imports = {
  fd_read: 'i32 i32 i32 i32',
  fd_write: 'i32 i32 i32 i32',
  environ_get: 'i32 i32',
  fd_prestat_get: 'i32 i32',
  path_open: 'i32 i32 i32 i32 i32 i64 i64 i32 i32',
  clock_time_get: 'i32 i64 i32',
  random_get: 'i32 i32',
  poll_oneoff: 'i32 i32 i32 i32',
} as const;
type Import = keyof typeof imports;

export interface WatProgram {
  /** Instructions of `_start`; `(call $write fd address length)` and `(call $read address length)` are there to use. */
  readonly body: string;
  /** More fields of the module. */
  readonly fields?: string;
  /** Beside what `$read` and `$write` need. */
  readonly imports?: readonly Import[];
  /** The name that the module gives itself. */
  readonly name?: string;
}

/** Text of a WASI program with two pages of memory, of which the first 100 bytes are for `$read` and `$write`. */
export function watProgram({ body, fields = '', imports: more = [], name }: WatProgram): string {
  const imported = new Set<Import>(['fd_read', 'fd_write', ...more]);
  return `(module ${name === undefined ? '' : `$${name}`}
    ${[...imported].map(importOf).join('\n')}
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 2)
    ${fields}
    (func $vector (param $at i32) (param $length i32)
      (i32.store (i32.const 0) (local.get $at)) (i32.store (i32.const 4) (local.get $length)))
    (func $write (param $fd i32) (param $at i32) (param $length i32)
      (call $vector (local.get $at) (local.get $length))
      (drop (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func $read (param $at i32) (param $length i32) (result i32)
      (call $vector (local.get $at) (local.get $length))
      (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (i32.load (i32.const 8)))
    (func $start (export "_start") ${body}))`;
}

const importOf = (name: Import) =>
  `(import "wasi_snapshot_preview1" "${name}" (func $${name} (param ${imports[name]}) (result i32)))`;

/** The module of a text, names of its functions included. */
export async function assembleWat(text: string): Promise<Uint8Array> {
  const toolkit = await wabt();
  const module = toolkit.parseWat('program.wat', text);
  try {
    module.resolveNames();
    return module.toBinary({ write_debug_names: true }).buffer;
  } finally {
    module.destroy();
  }
}
