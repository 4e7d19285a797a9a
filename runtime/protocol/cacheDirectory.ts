import { homedir } from 'node:os';
import { join } from 'node:path';

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
