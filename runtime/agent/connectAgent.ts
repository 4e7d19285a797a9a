import { connect, type NatsConnection } from '@nats-io/transport-node';
import { withDomain } from '../protocol/jetStream.ts';
import { explainNats } from '../protocol/natsFailures.ts';
import { toConnectionOptions, type NatsOptions } from '../protocol/natsOptions.ts';
import { errorText } from '../protocol/nexError.ts';

/** A connection that stays: it reconnects for ever, and its subscriptions come back with it. */
export async function connectAgent(options: NatsOptions, name: string): Promise<NatsConnection> {
  try {
    const connection = await connect({ ...toConnectionOptions(options), name });
    return withDomain(connection, options.jsdomain);
  } catch (cause) {
    const text = `no connection to NATS at ${options.servers}: ${errorText(explainNats(cause))}`;
    throw new Error(text, { cause });
  }
}
