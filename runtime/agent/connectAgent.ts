import { connect, type NatsConnection } from '@nats-io/transport-node';
import { toConnectionOptions, type NatsOptions } from '../protocol/natsOptions.ts';

/** A connection that stays: it reconnects for ever, and its subscriptions come back with it. */
export function connectAgent(options: NatsOptions, name: string): Promise<NatsConnection> {
  return connect({
    ...toConnectionOptions(options),
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
  });
}
