import { allEvents, type EventType } from '../runtime/protocol/events.ts';
import type { LinkedNode } from './node/nodeLink.ts';

/** Calls back at every event of every node but the periodic one, while the connection lives. */
export async function followEvents({ connection }: LinkedNode, onEvent: () => void): Promise<void> {
  const periodic: EventType = 'heartbeat';
  for await (const { subject } of connection.subscribe(allEvents)) {
    if (!subject.endsWith(`.${periodic}`)) onEvent();
  }
}
