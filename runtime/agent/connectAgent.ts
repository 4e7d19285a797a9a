import {
  connect,
  credsAuthenticator,
  jwtAuthenticator,
  type Authenticator,
  type NatsConnection,
} from '@nats-io/transport-node';
import type { NatsOptions } from '../protocol/agentPipe.ts';

/** A connection that stays: it reconnects for ever, and its subscriptions come back with it. */
export function connectAgent(options: NatsOptions, name: string): Promise<NatsConnection> {
  const authenticator = authenticatorOf(options);
  return connect({
    servers: options.servers,
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    ...(authenticator === undefined ? {} : { authenticator }),
  });
}

function authenticatorOf({ creds, userJwt, userSeed }: NatsOptions): Authenticator | undefined {
  const encoder = new TextEncoder();
  if (creds !== undefined) return credsAuthenticator(encoder.encode(creds));
  if (userJwt !== undefined && userJwt !== '') {
    return userSeed === undefined || userSeed === ''
      ? jwtAuthenticator(userJwt)
      : jwtAuthenticator(userJwt, encoder.encode(userSeed));
  }
  return undefined;
}
