import { jetstream, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

const domainKey = Symbol('JetStream domain');

/** Marks a connection as one whose JetStream is that of a domain, as that of a leaf node: `jetStream` then asks there. */
export function withDomain(connection: NatsConnection, domain: string | undefined): NatsConnection {
  return domain === undefined ? connection : Object.assign(connection, { [domainKey]: domain });
}

export const domainOf = (connection: NatsConnection & { [domainKey]?: string }) =>
  connection[domainKey];

/** JetStream of the domain that is named, else of the connection's. That it is there the first request tells. */
export function jetStream(
  connection: NatsConnection,
  domain: string | undefined = domainOf(connection),
): JetStreamClient {
  return jetstream(connection, { checkAPI: false, ...(domain === undefined ? {} : { domain }) });
}

export const jetStreamManager = (connection: NatsConnection): Promise<JetStreamManager> =>
  jetStream(connection).jetstreamManager(false);
