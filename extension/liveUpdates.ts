import { allEvents } from '../runtime/protocol/events.ts';
import type { ConnectedNats } from './connections/connection.ts';

/** What an event's subject says of it. */
export interface SeenEvent {
  namespace: string;
  type: string;
  /** As it was published, by whomever. */
  body: () => unknown;
}

/** Calls back at every event of every node while the connection lives. */
export async function followEvents(
  { connection }: ConnectedNats,
  onEvent: (event: SeenEvent) => void,
): Promise<void> {
  for await (const message of connection.subscribe(allEvents)) {
    const [, , namespace = '', type = ''] = message.subject.split('.');
    onEvent({ namespace, type, body: () => message.json() });
  }
}
