import {
  connect,
  errors,
  type NatsConnection,
  type NodeConnectionOptions,
} from '@nats-io/transport-node';
import { NexError, errorText } from '../protocol/nexError.ts';
import { readCredentials, readNatsContext } from './natsContext.ts';
import { listNodeFiles } from './nodeFiles.ts';

/** Which NATS to talk to; all empty means this machine's own. */
export interface NatsTarget {
  /** URL, or several separated by commas. */
  server?: string | undefined;
  /** Credentials file. */
  creds?: string | undefined;
  /** Name of a context of the `nats` CLI; replaces the other two. */
  context?: string | undefined;
}

/** One place where NATS may be. */
export interface NatsAddress {
  server: string;
  creds?: string | undefined;
  /** Local node that said so. */
  nodeId?: string;
}

export const defaultServer = 'nats://127.0.0.1:4222';

/**
 * Where to look, best first: the server asked for, else `NATS_URL`, else each living local node's, else port 4222 of
 * this machine.
 */
export async function locateNats(target: NatsTarget = {}): Promise<NatsAddress[]> {
  const { creds } = target;
  const explicit = target.server ?? process.env['NATS_URL'];
  if (explicit !== undefined && explicit !== '') return [{ server: explicit, creds }];
  const local = (await listNodeFiles()).map((file) => ({
    server: file.url,
    creds: creds ?? file.creds,
    nodeId: file.nodeId,
  }));
  return [...local, { server: defaultServer, creds }];
}

/**
 * Connects to the first place that answers. Throws a NexError `nats-unreachable`, `nats-authorization`,
 * `context-not-found`, `context-unreadable` or `credentials-unreadable`.
 *
 * @param options.name shown by `nats server report connections`
 */
export async function connectNats(options: NatsTarget & { name: string }): Promise<NatsConnection> {
  const candidates = await connectionOptions(options);
  const failures: unknown[] = [];
  for (const candidate of candidates) {
    try {
      return await connect({
        // A connection outlives restarts of the server; who waits for something has a deadline of its own.
        maxReconnectAttempts: -1,
        reconnectTimeWait: 500,
        timeout: 5000,
        ignoreClusterUpdates: true,
        ...candidate,
        name: options.name,
      });
    } catch (error) {
      failures.push(error);
    }
  }
  const servers = candidates.map(({ servers = defaultServer }) => servers.toString());
  throw describeFailure(servers, failures[0]);
}

async function connectionOptions(target: NatsTarget): Promise<NodeConnectionOptions[]> {
  if (target.context !== undefined) return [await readNatsContext(target.context)];
  const addresses = await locateNats(target);
  return Promise.all(
    addresses.map(async ({ server, creds }) => ({
      servers: server.split(',').map((url) => url.trim()),
      ...(creds === undefined ? {} : await readCredentials(creds)),
    })),
  );
}

function describeFailure(servers: string[], cause: unknown): NexError {
  const places = [...new Set(servers)].join(' or ');
  if (cause instanceof errors.AuthorizationError) {
    return new NexError('nats-authorization', `NATS at ${places} refuses us: ${cause.message}`, {
      remedy: 'Give credentials with --creds FILE, or a NATS context with --context NAME.',
      cause,
    });
  }
  return new NexError(
    'nats-unreachable',
    `No NATS server answers at ${places}: ${errorText(cause)}`,
    {
      remedy: 'Start one with `nexdev up`, or say where one is with --server.',
      cause,
    },
  );
}
