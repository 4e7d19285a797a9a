import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

/**
 * Where programs that were built or fetched once are kept for every later run: `$NEXDEV_CACHE_DIR`, else `nex-devrun` in
 * this user's cache directory of the operating system.
 */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['NEXDEV_CACHE_DIR'];
  if (own !== undefined && own !== '') return own;
  return join(systemCacheDirectory(environment), 'nex-devrun');
}

function systemCacheDirectory(environment: NodeJS.ProcessEnv): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') {
    return environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  }
  const xdg = environment['XDG_CACHE_HOME'];
  return xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache');
}

/**
 * Makes a program under a temporary name beside `target` and renames it when it is whole, so that two processes that
 * do this at once, or one that dies in the middle, never leave a half-written program behind.
 */
export async function installProgram(
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
    if (!existsSync(target)) throw error;
  }
}

/** Every program of this name on PATH, in PATH's order, each once. */
export async function searchPath(
  name: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string[]> {
  const path = environment['PATH'] ?? environment['Path'] ?? '';
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  // A relative entry would run what happens to lie in the working directory, which may be anybody's workspace.
  const candidates = path
    .split(delimiter)
    .filter((directory) => isAbsolute(directory))
    .map((directory) => join(directory, file));
  const found: string[] = [];
  for (const candidate of new Set(candidates)) {
    if (await isProgram(candidate)) found.push(candidate);
  }
  return found;
}

/** Whether there is a file that may be run. */
export async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    // Whatever the reason, it is not a program that we can run.
    return false;
  }
}
