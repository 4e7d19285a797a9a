import { connect, errors, type NatsConnection } from '@nats-io/transport-node';
import { toConnectionOptions, type NatsOptions } from '../protocol/natsOptions.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { readNatsContext } from './natsContext.ts';
import {
  loginFiles,
  readNatsOptions,
  type LoginFiles,
  type NatsLogin,
  type NatsTarget,
} from './natsTarget.ts';
import { listNodeFiles } from './nodeFiles.ts';

/** One place where NATS may be. */
export interface NatsAddress extends NatsLogin {
  server: string;
  /** Local node that said so. */
  nodeId?: string;
}

export const defaultServer = 'nats://127.0.0.1:4222';

/**
 * Where to look, best first: the server asked for, else `NATS_URL`, else each living local node's, else port 4222 of
 * this machine.
 */
export async function locateNats(target: NatsTarget = {}): Promise<NatsAddress[]> {
  const { server, ...login } = target;
  const explicit = server ?? process.env['NATS_URL'];
  if (explicit !== undefined && explicit !== '') return [{ ...login, server: explicit }];
  const local = (await listNodeFiles()).map((file) => ({
    ...withLogin(file, login),
    server: file.url,
    nodeId: file.nodeId,
  }));
  return [...local, { ...login, server: defaultServer }];
}

/** What is asked for; where nothing is, what the node itself logged in with. */
function withLogin(
  { creds, nkey, tlscert, tlskey, tlsca }: NatsLogin,
  login: NatsLogin,
): NatsLogin {
  const { user, token } = login;
  const isGiven = [user, token, login.creds, login.nkey].some((each) => each !== undefined);
  return {
    ...login,
    ...(isGiven ? {} : { creds, nkey }),
    tlscert: login.tlscert ?? tlscert,
    tlskey: login.tlskey ?? tlskey,
    tlsca: login.tlsca ?? tlsca,
  };
}

/**
 * Connects to the first place that answers. Throws a NexError `nats-unreachable`, `nats-authorization`,
 * `context-not-found`, `context-unreadable`, `context-unsupported`, `credentials-unreadable` or `invalid-server`.
 *
 * @param options.name shown by `nats server report connections`
 */
export async function connectNats(options: NatsTarget & { name: string }): Promise<NatsConnection> {
  const candidates = await natsOptions(options);
  const failures: unknown[] = [];
  for (const candidate of candidates) {
    try {
      return await connect({
        // A connection outlives restarts of the server; who waits for something has a deadline of its own.
        maxReconnectAttempts: -1,
        reconnectTimeWait: 500,
        timeout: 5000,
        ignoreClusterUpdates: true,
        ...toConnectionOptions(candidate),
        name: options.name,
      });
    } catch (error) {
      failures.push(error);
    }
  }
  const servers = candidates.map((candidate) => candidate.servers);
  throw describeFailure(servers, failures[0]);
}

/** What one target names, and the files by which other processes of this user can log in there. */
export async function readTarget(
  target: NatsTarget,
): Promise<{ nats: NatsOptions; login: LoginFiles }> {
  const named = target.context === undefined ? target : await readNatsContext(target.context);
  const nats = await readNatsOptions(named.server ?? defaultServer, named);
  return { nats, login: loginFiles(named) };
}

async function natsOptions(target: NatsTarget): Promise<NatsOptions[]> {
  if (target.context !== undefined) return [(await readTarget(target)).nats];
  const addresses = await locateNats(target);
  return Promise.all(addresses.map((address) => readNatsOptions(address.server, address)));
}

function describeFailure(servers: string[], cause: unknown): NexError {
  const places = [...new Set(servers)].join(' or ');
  if (cause instanceof errors.AuthorizationError) {
    return new NexError('nats-authorization', `NATS at ${places} refuses us: ${cause.message}`, {
      remedy:
        'Log in with --creds, --nkey, or --user and --password, or by a NATS context with --context.',
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
