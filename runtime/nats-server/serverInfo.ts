import { connect } from 'node:net';
import { z } from 'zod';

/** What a NATS server says of itself in the first line that it sends to every client. */
const serverInfoSchema = z.object({
  server_id: z.string(),
  server_name: z.string(),
  version: z.string(),
  jetstream: z.boolean().optional(),
});
export type ServerInfo = z.infer<typeof serverInfoSchema>;

/** Who listens on a port of 127.0.0.1: nobody, a NATS server, or something else. */
export type Listener = { kind: 'nobody' } | { kind: 'nats'; info: ServerInfo } | { kind: 'other' };

/** The INFO line in what a server has sent so far; undefined where it is not one. */
export function parseServerInfo(text: string): ServerInfo | undefined {
  const json = /^INFO (\{.*\})/.exec(text)?.[1];
  if (json === undefined) return undefined;
  try {
    return serverInfoSchema.parse(JSON.parse(json));
  } catch {
    // Not what a NATS server says: the caller reports it as something else.
    return undefined;
  }
}

/** Connects and reads the greeting. A port that takes the connection and says nothing for a second is `other`. */
export function askListener(port: number): Promise<Listener> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let text = '';
    let connected = false;
    const finish = (listener: Listener) => {
      socket.destroy();
      resolve(listener);
    };
    socket.setTimeout(1000, () => finish({ kind: 'other' }));
    socket.on('connect', () => (connected = true));
    socket.on('error', () => finish(connected ? { kind: 'other' } : { kind: 'nobody' }));
    socket.on('close', () => finish({ kind: 'other' }));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (!text.includes('\n')) return;
      const info = parseServerInfo(text);
      finish(info === undefined ? { kind: 'other' } : { kind: 'nats', info });
    });
  });
}
