import { extname } from 'node:path';
import { NexError } from '../protocol/nexError.ts';
import type { WorkloadType } from '../protocol/workloadTypes.ts';

const javaScriptExtensions = ['.js', '.mjs', '.cjs'];
const typeScriptExtensions = ['.ts', '.mts', '.cts'];
/** Extensions of files whose text is a function. */
export const functionExtensions = [...javaScriptExtensions, ...typeScriptExtensions];

/** First bytes (hex) of what an operating system runs: ELF, PE, Mach-O of either width and order, Mach-O universal, `#!`. */
const executableHeads = [
  '7f454c46',
  '4d5a',
  'feedface',
  'feedfacf',
  'cefaedfe',
  'cffaedfe',
  'cafebabe',
  '2321',
];

/** Which type of workload a file is, by its content; only sources, which have no mark, go by their extension. */
export function identifyProgram(program: string, bytes: Uint8Array): WorkloadType {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  if (head === '0061736d') return 'wasm';
  // A source may begin with `#!` too.
  if (isSource(program)) return 'v8';
  if (executableHeads.some((one) => head.startsWith(one))) return 'native';
  if (hasExtension(program, ['.wasm'])) {
    throw new NexError('unsupported-file', `${program} is not a WebAssembly module.`, {
      remedy:
        'Build it again; a module begins with the bytes 00 61 73 6d, its text form (.wat) does not.',
    });
  }
  throw new NexError('unsupported-file', `${program} is neither a function nor an executable.`, {
    remedy: `Functions end in ${functionExtensions.join(', ')} or are WebAssembly modules; services are executables or scripts with a #! line. --type overrules.`,
  });
}

/** Files whose text is a function. */
export const isSource = (program: string) => hasExtension(program, functionExtensions);

export const isTypeScript = (program: string) => hasExtension(program, typeScriptExtensions);

/** Files that say of themselves that they are CommonJS. */
export const isCommonJs = (program: string) => hasExtension(program, ['.cjs', '.cts']);

const hasExtension = (program: string, extensions: readonly string[]) =>
  extensions.includes(extname(program).toLowerCase());
