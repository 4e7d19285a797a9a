import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findRust } from '../../tools/examples/findRust.ts';

const run = promisify(execFile);
const fixtures = join(import.meta.dirname, '../fixtures/wasm');
const examples = join(import.meta.dirname, '../../examples');

/** How each language makes its echo; undefined where its compiler is missing. */
const builds = {
  C: async (output: string) => {
    const args = ['--target=wasm32-wasi', '-g', join(fixtures, 'echo.c'), '-o', output];
    return (await exists('clang')) ? run('clang', args) : undefined;
  },
  Go: async (output: string) => {
    const env = { ...process.env, GOOS: 'wasip1', GOARCH: 'wasm' };
    const options = { cwd: join(fixtures, 'echo-go'), env };
    return (await exists('go')) ? run('go', ['build', '-o', output, '.'], options) : undefined;
  },
  Rust: async (output: string) => {
    const rust = await findRust();
    if (rust === undefined) return undefined;
    const source = join(examples, 'echo-wasm/src/main.rs');
    return run(rust.program, ['--target', rust.target, source, '-o', output]);
  },
} as const;
export type Language = keyof typeof builds;
export const languages = Object.keys(builds) as Language[];

/** The module of a language's echo, or undefined where this machine has no compiler for it. */
export async function compileEcho(language: Language, directory: string) {
  const output = join(directory, `echo-${language}.wasm`);
  if ((await builds[language](output)) !== undefined) return readFile(output);
  console.log(`  - skipped: no compiler here makes a WASI program of ${language}`);
  return undefined;
}

const exists = (program: string) =>
  run(program, [program === 'go' ? 'version' : '--version']).then(
    () => true,
    () => false,
  );
