import type { NatsConnection } from '@nats-io/transport-node';
import type { Keys } from '../../runtime/client/keys.ts';
import type { ThrowawayNode } from '../throwawayNode.ts';

export interface Bench {
  readonly node: ThrowawayNode;
  readonly connection: NatsConnection;
  readonly keys: Keys;
}

/** One part of `npm run bench`: measures and answers what is to be printed, with its goals. */
export type Section = (bench: Bench) => Promise<string>;
