import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isExecutableFile } from './searchPath.ts';

/**
 * Makes a program under a temporary name beside `target` and renames it when it is whole, so that two processes that
 * do this at once, or one that dies in the middle, never leave a half-written program behind.
 */
export async function installBinary(
  target: string,
  make: (temporary: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${randomUUID()}${process.platform === 'win32' ? '.exe' : ''}`;
  try {
    await make(temporary);
    await chmod(temporary, 0o755);
    await renameOver(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Windows refuses to replace a program that runs: then another process has put the same one there before us. */
async function renameOver(temporary: string, target: string): Promise<void> {
  try {
    await rename(temporary, target);
  } catch (error) {
    if (!(await isExecutableFile(target))) throw error;
  }
}
