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
  const [program = '', option, ...rest] = interpreter;
  const own = { file, args: argv };
  if (basename(program) !== 'env' || option === undefined) return own;
  const [name = '', ...options] = option === '-S' ? rest : [option, ...rest];
  const [found] = await searchPath(name);
  return found === undefined ? own : { file: found, args: [...options, file, ...argv] };
}

/** The words of a file's `#!` line; undefined where it has none. Linux reads no more of it than its first 256 bytes. */
export function interpreterOf(bytes: Uint8Array): string[] | undefined {
  const [line = ''] = Buffer.from(bytes.subarray(0, 256)).toString('utf8').split('\n', 1);
  return line.startsWith('#!') ? line.slice(2).trim().split(/\s+/) : undefined;
}
