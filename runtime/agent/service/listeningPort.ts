import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A port of 127.0.0.1 that nobody uses now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port was given');
  return address.port;
}

/**
 * Resolves when somebody listens on that port of 127.0.0.1, or `signal` aborts. It looks without connecting: a debugger may
 * take the first connection for its client.
 */
export async function untilListening(port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await isListening(port))) await pause(pollMs);
}

const pollMs = 30;

async function isListening(port: number): Promise<boolean> {
  if (process.platform === 'linux') {
    // Address in the order of the machine's bytes, and state 0A: LISTEN.
    const line = new RegExp(
      `: 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} \\S+ 0A `,
    );
    return line.test(await readFile('/proc/net/tcp', 'utf8'));
  }
  const { stdout } = await promisify(execFile)('netstat', ['-an'], { windowsHide: true });
  return new RegExp(`127\\.0\\.0\\.1[.:]${port}\\s.*LISTEN`).test(stdout);
}
