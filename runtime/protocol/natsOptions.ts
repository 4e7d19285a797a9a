import {
  credsAuthenticator,
  jwtAuthenticator,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
  type Authenticator,
  type NodeConnectionOptions,
} from '@nats-io/transport-node';
import { z } from 'zod';
import { toTlsOptions } from './tlsOptions.ts';

/** How to log in to a NATS: all that a process needs for it, the texts of files included. */
export const natsOptionsSchema = z.object({
  /** URL, or several separated by commas. */
  servers: z.string(),
  /** Text of a credentials file. */
  creds: z.string().optional(),
  /** User JWT and seed, from a deploy request's `host_services_config`. */
  userJwt: z.string().optional(),
  userSeed: z.string().optional(),
  /** Seed of an nkey, `SU…`. */
  nkey: z.string().optional(),
  token: z.string().optional(),
  user: z.string().optional(),
  password: z.string().optional(),
  /** PEM texts; `{}`: TLS without a file of one's own. `first`: the handshake comes before all else. */
  tls: z
    .object({
      cert: z.string().optional(),
      key: z.string().optional(),
      ca: z.string().optional(),
      first: z.boolean().optional(),
    })
    .optional(),
  inboxPrefix: z.string().optional(),
  /** JetStream domain to use; that of the server where none is named. */
  jsdomain: z.string().optional(),
});
export type NatsOptions = z.infer<typeof natsOptionsSchema>;

/** The same in the words of the NATS client, for a connection that outlives restarts of the server: who waits for something has a deadline of its own. */
export function toConnectionOptions(options: NatsOptions): NodeConnectionOptions {
  const { tls, inboxPrefix } = options;
  const servers = options.servers.split(',').map((url) => url.trim());
  const authenticator = authenticatorOf(options);
  return {
    servers,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    // Without it two refusals in a row, as while accounts are being changed, end the connection for good.
    ignoreAuthErrorAbort: true,
    timeout: 5000,
    ...(authenticator === undefined ? {} : { authenticator }),
    ...(tls === undefined ? {} : { tls: toTlsOptions(tls, servers) }),
    ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
  };
}

/** The strongest of what is given. */
function authenticatorOf(options: NatsOptions): Authenticator | undefined {
  const { creds, userJwt, userSeed, nkey, token, user, password } = options;
  const encoder = new TextEncoder();
  if (creds !== undefined) return credsAuthenticator(encoder.encode(creds));
  if (userJwt !== undefined && userJwt !== '') {
    return userSeed === undefined || userSeed === ''
      ? jwtAuthenticator(userJwt)
      : jwtAuthenticator(userJwt, encoder.encode(userSeed));
  }
  if (nkey !== undefined) return nkeyAuthenticator(encoder.encode(nkey));
  if (token !== undefined) return tokenAuthenticator(token);
  if (user !== undefined) return usernamePasswordAuthenticator(user, password);
  return undefined;
}
