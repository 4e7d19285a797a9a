import { basename } from 'node:path';
import { searchPath } from '../../protocol/programs.ts';

/** What is started for a service's file. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * The file itself; but a script that has `env` look for its interpreter (`#!/usr/bin/env node`) is started with the one on the
 * node's PATH. Its own environment has no PATH, as on Nex, so that `env` would find little.
 */
export async function commandFor(
  file: string,
  argv: readonly string[],
  interpreter: readonly string[],
): Promise<Command> {
  const found = isEnv(interpreter) ? await findInterpreter(interpreter) : undefined;
  if (found === undefined) return { file, args: argv };
  return { file: found.file, args: [...found.args, file, ...argv] };
}

/** What the words of a `#!` line start, `env` looking on the node's PATH. Undefined where there is none. */
export async function findInterpreter(words: readonly string[]): Promise<Command | undefined> {
  const [program, ...options] = words;
  if (program === undefined) return undefined;
  if (!isEnv(words)) return { file: program, args: options };
  const [name = '', ...args] = options[0] === '-S' ? options.slice(1) : options;
  const [file] = await searchPath(name);
  return file === undefined ? undefined : { file, args };
}

const isEnv = ([program = '', ...options]: readonly string[]) =>
  basename(program) === 'env' && options.length > 0;

/** The words of a file's `#!` line; undefined where it has none. Linux reads no more of it than its first 256 bytes. */
export function interpreterOf(bytes: Uint8Array): string[] | undefined {
  const [line = ''] = Buffer.from(bytes.subarray(0, 256)).toString('utf8').split('\n', 1);
  return line.startsWith('#!') ? line.slice(2).trim().split(/\s+/) : undefined;
}
