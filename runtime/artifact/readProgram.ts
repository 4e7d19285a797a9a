import { readFile } from 'node:fs/promises';
import { NexError, errorText } from '../protocol/nexError.ts';
import { isSource } from './identifyProgram.ts';

/** Bytes of the file that is to be a workload. Throws `file-not-found`, `not-a-file`, `file-unreadable` or `empty-file`. */
export async function readProgram(program: string): Promise<Uint8Array> {
  const bytes = await readFile(program).catch((cause: unknown) => {
    throw describeReadError(program, cause);
  });
  if (bytes.length > 0 && (bytes.length > 4096 || bytes.toString().trim() !== '')) return bytes;
  throw new NexError('empty-file', `${program} is empty.`, {
    remedy: isSource(program)
      ? 'Write a function into it: `(subject, payload) => { … }`.'
      : 'Build it again.',
  });
}

function describeReadError(program: string, cause: unknown): NexError {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
    return new NexError('file-not-found', `There is no file ${program}.`, {
      remedy: 'Check the path; it is taken from the current directory.',
      cause,
    });
  }
  if (cause instanceof Error && 'code' in cause && cause.code === 'EISDIR') {
    return new NexError('not-a-file', `${program} is a folder.`, {
      remedy: 'Name the file in it that has the function, or the executable of the service.',
      cause,
    });
  }
  return new NexError('file-unreadable', `${program} cannot be read: ${errorText(cause)}`, {
    remedy: 'Check that you may read it.',
    cause,
  });
}
