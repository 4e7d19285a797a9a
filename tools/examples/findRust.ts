import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { searchPath } from '../../runtime/protocol/programs.ts';

const run = promisify(execFile);

export interface RustCompiler {
  readonly program: string;
  /** Its name of WASI preview 1, which newer versions have renamed. */
  readonly target: string;
}

const targets = ['wasm32-wasip1', 'wasm32-wasi'];

/** The first rustc on PATH that has a standard library for WASI preview 1, or undefined. */
export async function findRust(): Promise<RustCompiler | undefined> {
  for (const program of await searchPath('rustc')) {
    for (const target of targets) if (await hasLibrary(program, target)) return { program, target };
  }
  return undefined;
}

async function hasLibrary(program: string, target: string): Promise<boolean> {
  try {
    const { stdout } = await run(program, ['--print', 'target-libdir', '--target', target]);
    return (await readdir(stdout.trim())).some((file) => file.startsWith('libstd-'));
  } catch {
    // It does not know the target, or has nothing for it.
    return false;
  }
}
