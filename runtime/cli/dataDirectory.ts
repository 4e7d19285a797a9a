import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this user's programs keep data for good: what the dev nats-server stores goes there by default. */
export function dataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return join(systemDataDirectory(environment), 'nex-devrun');
}

function systemDataDirectory(environment: NodeJS.ProcessEnv): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  if (process.platform === 'win32') {
    return environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  }
  const xdg = environment['XDG_DATA_HOME'];
  return xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.local', 'share');
}
