import { open, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { NexError } from '../protocol/nexError.ts';
import { logFile, portsDirectory } from './serverConfig.ts';
import { askListener, type ServerInfo } from './serverInfo.ts';
import type { ProcessEnd } from './serverProcess.ts';
import { diskFull, errorCode } from './storeErrors.ts';

/** JetStream reads all that is stored before the server takes connections; a large store takes its time. */
const readyDeadline = 120_000;
const pollMs = 5;

/** Written by the server, as `nats-server_PID.ports`, once it listens. */
const portsFileSchema = z.object({ nats: z.array(z.url()).min(1) });

export interface ReadyOptions {
  storeDirectory: string;
  /** Size of the log before the start: what is behind it is this server's. */
  logOffset: number;
  port: number;
  exited: Promise<ProcessEnd>;
  signal?: AbortSignal | undefined;
}

/** Waits until the server takes clients. Rejects with the reason where it ends instead. */
export async function awaitReady(
  options: ReadyOptions,
): Promise<{ port: number; info: ServerInfo }> {
  const until = performance.now() + readyDeadline;
  let ended = false;
  void options.exited.then(() => (ended = true));
  for (;;) {
    options.signal?.throwIfAborted();
    const port = await readPort(portsDirectory(options.storeDirectory));
    const listener = port === undefined ? undefined : await askListener(port);
    if (port !== undefined && listener?.kind === 'nats') return { port, info: listener.info };
    if (hasEnded(ended) || performance.now() > until) throw await failure(options);
    await delay(pollMs);
  }
}

/** A function, since the compiler does not see that a callback changes the variable. */
const hasEnded = (ended: boolean) => ended;

async function readPort(directory: string): Promise<number | undefined> {
  const file = (await readdir(directory)).find((name) => name.endsWith('.ports'));
  if (file === undefined) return undefined;
  const text = await readFile(join(directory, file), 'utf8');
  // The server creates the file and fills it in two steps.
  if (text.trim() === '') return undefined;
  const [url] = portsFileSchema.parse(JSON.parse(text)).nats;
  return url === undefined ? undefined : Number(new URL(url).port);
}

async function failure({ storeDirectory, logOffset, port }: ReadyOptions): Promise<Error> {
  const said = await readLog(logFile(storeDirectory), logOffset);
  if (/address already in use|Only one usage of each socket address/.test(said)) {
    return portTaken(port, 'another program');
  }
  if (/no space left on device|not enough space/i.test(said)) return diskFull(storeDirectory, said);
  return new NexError(
    'nats-server-failed',
    `nats-server did not become ready. ${said === '' ? 'It said nothing.' : `It said:\n${said}`}`,
    { remedy: `Its log is ${logFile(storeDirectory)}.` },
  );
}

export const portTaken = (port: number, by: string) =>
  new NexError('port-taken', `Port ${port} of 127.0.0.1 is taken by ${by}.`, {
    remedy: 'Give another port, 0 for any free one; or join the server that is there (--server).',
  });

/** The last lines that the server wrote since it was started. */
async function readLog(file: string, offset: number): Promise<string> {
  try {
    await using log = await open(file);
    const { size } = await log.stat();
    const { buffer, bytesRead } = await log.read(
      Buffer.alloc(Math.max(size - offset, 0)),
      0,
      null,
      offset,
    );
    return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-5).join('\n');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}
