import type { NatsConnection } from '@nats-io/transport-node';
import type { NatsOptions } from '../protocol/natsOptions.ts';
import { readNatsContext } from './natsContext.ts';
import {
  loginFiles,
  readNatsOptions,
  type LoginFiles,
  type NatsLogin,
  type NatsTarget,
} from './natsTarget.ts';
import { listNodeFiles } from './nodeFiles.ts';
import { openConnection } from './openConnection.ts';

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
function withLogin(node: LoginFiles, login: NatsLogin): NatsLogin {
  const { user, token } = login;
  const isGiven = [user, token, login.creds, login.nkey].some((each) => each !== undefined);
  const asked = Object.entries(login).filter(([, value]) => value !== undefined);
  const { creds, nkey, ...others } = loginFiles(node);
  return { ...others, ...(isGiven ? {} : { creds, nkey }), ...Object.fromEntries(asked) };
}

/**
 * Connects to the first place that answers. Throws what `openConnection` does, or a NexError
 * `context-not-found`, `context-unreadable`, `context-unsupported`, `credentials-unreadable` or `invalid-server`.
 *
 * @param options.name shown by `nats server report connections`
 */
export async function connectNats(options: NatsTarget & { name: string }): Promise<NatsConnection> {
  return (await openNats(options)).connection;
}

/** As `connectNats`, and says how to log in there. */
export const openNats = async (options: NatsTarget & { name: string }) =>
  openConnection(await natsOptions(options), options.name);

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
