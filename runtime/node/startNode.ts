import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { readKeys } from '../client/keys.ts';
import { removeNodeFile, writeNodeFile } from '../client/nodeFiles.ts';
import type { NatsOptions } from '../protocol/agentPipe.ts';
import type { HealthReply } from '../protocol/devApi.ts';
import { heartbeatMs } from '../protocol/events.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { AgentPool } from '../workloads/agentPool.ts';
import { WorkloadRegistry } from '../workloads/workloadRegistry.ts';
import { Authorization } from './authorization.ts';
import { serveControlApi } from './controlApi.ts';
import { serveDevApi } from './devApi.ts';
import { Leases } from './leases.ts';
import { createIdentity, nexVersion } from './nodeIdentity.ts';
import { NodePublisher } from './nodePublisher.ts';
import { NodeReports } from './nodeReports.ts';
import { WorkloadLifecycle } from './workloadLifecycle.ts';

export interface NodeOptions {
  /** URL of the NATS server to be a node on. */
  readonly servers: string;
  /** Path of a credentials file. */
  readonly creds?: string;
  readonly startedBy: 'terminal' | 'lease';
  /** Whether the NATS server was started for this node. */
  readonly ownsServer: boolean;
  readonly natsServerPid?: number;
  readonly storeDirectory?: string;
  readonly nodeName?: string;
  readonly tags?: Record<string, string>;
}

export interface RunningNode {
  /** `N…` */
  readonly nodeId: string;
  readonly url: string;
  /** Resolves with the reason when the node has ended, by whatever cause. */
  readonly ended: Promise<string>;
  /** Idempotent. Stops every workload; nothing is left when it resolves. */
  stop(): Promise<void>;
}

/** Number of agents kept warm. */
const poolSize = 1;

/** Starts a node on a NATS server that runs. Resolves when it answers and other processes of this user can find it. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const nats = await natsOptions(options);
  const connection = await connectNode(nats);
  const { issuer } = await readKeys();
  const isAcceptedIssuer = (key: string) => key === issuer.getPublicKey();
  const identity = createIdentity(options.nodeName, options.tags ?? {});
  const url = options.servers;

  const pool = new AgentPool(fileURLToPath(new URL('agent.cjs', import.meta.url)), poolSize);
  const registry = new WorkloadRegistry();
  const publisher = new NodePublisher(connection, identity.id);
  const lifecycle = new WorkloadLifecycle(connection, registry, pool, publisher);
  const reports = new NodeReports(identity, registry, pool);

  const ended = Promise.withResolvers<string>();
  let stopping: Promise<void> | undefined;
  const stop = (reason = 'stopped') => {
    stopping ??= shutDown().finally(() => ended.resolve(reason));
    return stopping;
  };
  const leases = new Leases(
    options.startedBy === 'lease' ? () => void stop('nobody holds it any more') : undefined,
  );
  const heartbeat = setInterval(
    () => publisher.nodeEvent('heartbeat', reports.heartbeat()),
    heartbeatMs,
  );

  const shutDown = async () => {
    clearInterval(heartbeat);
    leases.dispose();
    await removeNodeFile(identity.id);
    await Promise.allSettled(
      registry.all.map((workload) => lifecycle.stop(workload, 'Node stopped')),
    );
    await pool.dispose();
    publisher.nodeEvent('node_stopped', { id: identity.id, graceful: true });
    await drain(connection);
  };

  const health = (): HealthReply => ({
    nodeId: identity.id,
    pid: process.pid,
    url,
    startedBy: options.startedBy,
    holders: leases.holders,
    ...(options.natsServerPid === undefined ? {} : { natsServerPid: options.natsServerPid }),
    ...(options.storeDirectory === undefined ? {} : { storeDirectory: options.storeDirectory }),
  });

  try {
    const context = { connection, identity, nats, isAcceptedIssuer, lifecycle };
    serveControlApi(connection, identity.id, reports, registry, context);
    await serveDevApi(connection, {
      nodeId: identity.id,
      registry,
      leases,
      authorization: new Authorization(isAcceptedIssuer),
      health,
    });
    await connection.flush();
    await writeNodeFile({
      nodeId: identity.id,
      url,
      pid: process.pid,
      startedBy: options.startedBy,
      ownsServer: options.ownsServer,
      startedAt: new Date(identity.startedAt).toISOString(),
      ...(options.creds === undefined ? {} : { creds: options.creds }),
    });
  } catch (error) {
    await stop('it could not start');
    throw error;
  }
  publisher.nodeEvent('node_started', {
    version: nexVersion,
    id: identity.id,
    tags: identity.tags,
  });
  return { nodeId: identity.id, url, ended: ended.promise, stop: () => stop() };
}

async function natsOptions({ servers, creds }: NodeOptions): Promise<NatsOptions> {
  return creds === undefined ? { servers } : { servers, creds: await readFile(creds, 'utf8') };
}

async function connectNode({ servers, creds }: NatsOptions): Promise<NatsConnection> {
  try {
    return await connect({
      servers,
      name: 'nexdev-node',
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      ...(creds === undefined
        ? {}
        : { authenticator: credsAuthenticator(new TextEncoder().encode(creds)) }),
    });
  } catch (error) {
    throw new NexError(
      'nats-unreachable',
      `No node can start on ${servers}: ${errorText(error)}.`,
      {
        remedy: 'See that NATS runs there and accepts this user.',
        cause: error,
      },
    );
  }
}

/** A server that is already gone must not keep the node from ending. */
async function drain(connection: NatsConnection): Promise<void> {
  const timer = setTimeout(() => void connection.close(), 1000);
  await connection.drain().catch(() => connection.close());
  clearTimeout(timer);
}
