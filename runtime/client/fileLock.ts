import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isProcessAlive } from './nodeFiles.ts';

const retryMs = 100;
/** A lock without a pid in it is being written, or was left by a crash at that very moment. */
const unwrittenMs = 5000;

export interface FileLock {
  release: () => Promise<void>;
}

/**
 * Waits until no living process holds the lock at `path` and takes it. A lock whose process is
 * gone is nobody's.
 */
export async function acquireLock(path: string, signal?: AbortSignal): Promise<FileLock> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  while (!(await tryCreate(path))) {
    await removeIfStale(path);
    await pause(retryMs, undefined, signal === undefined ? {} : { signal });
  }
  return { release: () => rm(path, { force: true }) };
}

async function tryCreate(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the lock aside before removing it: of two who find it stale, one moves it and the other finds nothing. */
async function removeIfStale(path: string): Promise<void> {
  const holder = await readHolder(path);
  if (holder === undefined || !(await isStale(path, holder))) return;
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  await rm(aside, { force: true });
}

const readHolder = (path: string) => readFile(path, 'utf8').catch(() => undefined);

async function isStale(path: string, holder: string): Promise<boolean> {
  if (holder !== '') return !isProcessAlive(Number(holder));
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > unwrittenMs;
}
