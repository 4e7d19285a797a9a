import { NexError, errorText } from '../protocol/nexError.ts';

/** Turns what the file system said about a store directory into an error that says what to do. */
export function storeError(directory: string, error: unknown): unknown {
  if (error instanceof NexError) return error;
  const code = errorCode(error);
  if (code === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(directory, error);
  return new NexError(
    'store-unwritable',
    `The store directory ${directory} cannot be written: ${errorText(error)}`,
    { remedy: 'Choose another with --store-dir, or make it writable for you.', cause: error },
  );
}

export const diskFull = (directory: string, cause: unknown) =>
  new NexError('disk-full', `There is no space left for the store directory ${directory}.`, {
    remedy: 'Free some space, or choose a directory on another disk with --store-dir.',
    cause,
  });

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
