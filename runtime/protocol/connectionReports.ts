import type { NatsConnection } from '@nats-io/transport-node';
import { explainNats } from './natsFailures.ts';
import { NexError } from './nexError.ts';

/** What becomes of a connection that stays. */
export type ConnectionReport =
  | { readonly type: 'lost' }
  | { readonly type: 'back' }
  | { readonly type: 'refused'; readonly error: NexError };

/** All of it until the connection is closed; what the server refuses is told once for each subject. */
export async function* watchConnection(
  connection: NatsConnection,
): AsyncGenerator<ConnectionReport> {
  let isLost = false;
  const told = new Set<string>();
  for await (const status of connection.status()) {
    if (status.type === 'disconnect' && !isLost) {
      isLost = true;
      yield { type: 'lost' };
    } else if (status.type === 'reconnect') {
      isLost = false;
      yield { type: 'back' };
    } else if (status.type === 'error') {
      const error = explainNats(status.error);
      if (!(error instanceof NexError) || told.size === maxTold) continue;
      const key = error.message.replace(inboxToken, '');
      if (!told.has(key)) yield { type: 'refused', error };
      told.add(key);
    }
  }
}

/** A function can try any number of subjects. */
const maxTold = 50;
/** Each asker has an inbox of its own. */
const inboxToken = /(?<="_INBOX\.)[^"]+/;
