import { fileURLToPath } from 'node:url';
import type { NatsConnection } from '@nats-io/transport-node';
import { readKeys, type Keys } from '../client/keys.ts';
import type { LoginFiles } from '../client/natsTarget.ts';
import { removeNodeFile, writeNodeFile } from '../client/nodeFiles.ts';
import { openConnection } from '../client/openConnection.ts';
import { reportConnection } from '../client/reportConnection.ts';
import { watchConnection } from '../protocol/connectionReports.ts';
import type { HealthReply } from '../protocol/devApi.ts';
import { heartbeatMs } from '../protocol/events.ts';
import type { NatsOptions } from '../protocol/natsOptions.ts';
import { isFunctionType, workloadTypes, type WorkloadType } from '../protocol/workloadTypes.ts';
import { AgentPool } from '../workloads/agentPool.ts';
import { WorkloadRegistry } from '../workloads/workloadRegistry.ts';
import { ArtifactFiles } from './artifactFiles.ts';
import { Authorization } from './authorization.ts';
import { autostart } from './autostart.ts';
import { Capacity } from './capacity.ts';
import { serveControlApi } from './controlApi.ts';
import type { DeployContext } from './deployRequests.ts';
import { Deployments } from './deployments.ts';
import { serveDevApi } from './devApi.ts';
import { LameDuck } from './lameDuck.ts';
import { Leases } from './leases.ts';
import { Issuers } from './issuers.ts';
import { createIdentity, nexVersion, type NodeIdentity } from './nodeIdentity.ts';
import { defaultNodeConfig, type NodeConfig } from './nodeConfig.ts';
import { NodePublisher } from './nodePublisher.ts';
import { OtherAnswerers } from './otherAnswerers.ts';
import { NodeReports } from './nodeReports.ts';
import { warnWithoutJetStream } from './warnWithoutJetStream.ts';
import { WorkloadLifecycle } from './workloadLifecycle.ts';

export interface NodeOptions {
  /** The NATS to be a node on. */
  readonly nats: NatsOptions;
  /** What other processes of this user log in with. */
  readonly login?: LoginFiles;
  readonly startedBy: 'terminal' | 'lease';
  /** Whether the NATS server was started for this node. */
  readonly ownsServer: boolean;
  /** Run native services also on a NATS that others use. */
  readonly allowNative?: boolean;
  /** Public keys of issuers who may deploy, beside this user's and those of the configuration. */
  readonly allowedIssuers?: readonly string[];
  readonly natsServerPid?: number;
  readonly storeDirectory?: string;
  readonly nodeName?: string;
  readonly config?: NodeConfig;
  /** Told what a person should know of a NATS that is not ours. */
  readonly onNotice?: (text: string) => void;
}

export interface RunningNode {
  /** `N…` */
  readonly nodeId: string;
  readonly url: string;
  /** Workloads of the configuration that could not be started, and why. */
  readonly failures: readonly string[];
  /** Resolves with the reason when the node has ended, by whatever cause. */
  readonly ended: Promise<string>;
  /** Idempotent. Stops every workload; nothing is left when it resolves. */
  stop(): Promise<void>;
}

/** Starts a node on a NATS server that runs. Resolves when it answers and other processes of this user can find it. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { connection } = await openConnection([options.nats], 'nexdev-node');
  const node = new DevNode(options, connection, await readKeys());
  try {
    await node.start();
  } catch (error) {
    await node.stop('it could not start');
    throw error;
  }
  return node;
}

/** The parts of a node and their lifetimes. */
class DevNode implements RunningNode {
  readonly url: string;
  readonly failures: string[] = [];
  readonly #options: NodeOptions;
  readonly #connection: NatsConnection;
  readonly #keys: Keys;
  readonly #config: NodeConfig;
  readonly #capacity: Capacity;
  readonly #identity: NodeIdentity;
  readonly #pool: AgentPool;
  readonly #registry = new WorkloadRegistry();
  readonly #artifactFiles = new ArtifactFiles();
  readonly #publisher: NodePublisher;
  readonly #others: OtherAnswerers;
  readonly #lifecycle: WorkloadLifecycle;
  readonly #lameDuck: LameDuck;
  readonly #reports: NodeReports;
  readonly #leases: Leases;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #ended = Promise.withResolvers<string>();
  #stopping: Promise<void> | undefined;

  constructor(options: NodeOptions, connection: NatsConnection, keys: Keys) {
    this.url = options.nats.servers;
    this.#options = options;
    this.#connection = connection;
    this.#keys = keys;
    this.#config = options.config ?? defaultNodeConfig;
    this.#capacity = new Capacity(this.#config, this.#registry);
    this.#pool = new AgentPool(agentPath, this.#config.machine_pool_size, options.nats);
    this.#identity = createIdentity(options.nodeName, this.#config.tags);
    this.#publisher = new NodePublisher(connection, this.nodeId);
    this.#others = new OtherAnswerers(connection, this.#registry, options.nats.inboxPrefix);
    this.#lifecycle = new WorkloadLifecycle(
      this.#registry,
      this.#pool,
      this.#publisher,
      this.#others,
    );
    this.#lameDuck = new LameDuck(this.#identity, this.#lifecycle, this.#publisher, () => {
      void this.stop('it was a lame duck, and nothing runs on it any more');
    });
    this.#reports = new NodeReports(
      this.#identity,
      this.#registry,
      this.#pool,
      this.#lameDuck,
      this.#capacity,
      this.#types,
    );
    const endUnheld = () => void this.stop('nobody holds it any more');
    this.#leases = new Leases(options.startedBy === 'lease' ? endUnheld : undefined);
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs);
  }

  get nodeId(): string {
    return this.#identity.id;
  }

  /** On a joined NATS a service is run only where somebody asked for that, by a flag or by naming it in the configuration: it is a program with all rights of this user. */
  get #types(): readonly WorkloadType[] {
    const { ownsServer, allowNative = ownsServer } = this.#options;
    return (
      this.#config.workload_types ??
      (allowNative ? workloadTypes : workloadTypes.filter(isFunctionType))
    );
  }

  /** Where answers arrive in which this user's programs ask. */
  get #inboxes(): readonly string[] {
    const { inboxPrefix } = this.#options.nats;
    return inboxPrefix === undefined ? [] : [`${inboxPrefix}.>`];
  }

  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  async start(): Promise<void> {
    await this.#serve();
    await this.#announce();
  }

  stop(reason = 'stopped'): Promise<void> {
    this.#stopping ??= this.#shutDown().finally(() => this.#ended.resolve(reason));
    return this.#stopping;
  }

  async #serve(): Promise<void> {
    const { ownsServer, allowedIssuers = [] } = this.#options;
    const others = [...allowedIssuers, ...this.#config.valid_issuers];
    const issuers = new Issuers(this.#keys.issuer.publicKey, others);
    const authorization = new Authorization(issuers);
    const context: DeployContext = {
      connection: this.#connection,
      identity: this.#identity,
      nats: this.#options.nats,
      isAcceptedIssuer: (issuer) => issuers.accepts(issuer),
      mayEnd: (message) => ownsServer || authorization.isOwners(message),
      lifecycle: this.#lifecycle,
      lameDuck: this.#lameDuck,
      registry: this.#registry,
      deployments: new Deployments(),
      types: this.#types,
      artifactFiles: this.#artifactFiles,
      capacity: this.#capacity,
      deniedSubjects: [...this.#config.deny_trigger_subjects, ...this.#inboxes],
      hostServices: this.#config.host_services_config?.nats,
    };
    await serveControlApi(this.#connection, this.nodeId, this.#reports, this.#registry, context);
    await this.#reportConnection();
    await serveDevApi(this.#connection, {
      nodeId: this.nodeId,
      registry: this.#registry,
      leases: this.#leases,
      authorization,
      health: () => this.#health(),
    });
    const workloads = this.#config.autostart?.workloads ?? [];
    this.failures.push(...(await autostart(context, this.#keys, workloads)));
  }

  /** What is refused from here on leaves the node of use all the same. */
  async #reportConnection(): Promise<void> {
    const { onNotice } = this.#options;
    if (onNotice === undefined) return;
    void this.#pauseLeases();
    await warnWithoutJetStream(this.#connection, onNotice);
    const permissions = (subject: string) => !this.#others.hasAsked(subject);
    void reportConnection(this.#connection, onNotice, { permissions });
  }

  async #pauseLeases(): Promise<void> {
    for await (const { type } of watchConnection(this.#connection)) {
      if (type === 'lost') this.#leases.lose();
      else if (type === 'back') this.#leases.regain();
    }
  }

  /** To this user's other processes by a file, to everybody else by an event. */
  async #announce(): Promise<void> {
    const { startedBy, ownsServer, login } = this.#options;
    const { startedAt, tags } = this.#identity;
    await writeNodeFile({
      nodeId: this.nodeId,
      url: this.url,
      pid: process.pid,
      startedBy,
      ownsServer,
      startedAt: new Date(startedAt).toISOString(),
      ...login,
    });
    this.#publisher.nodeEvent('node_started', { version: nexVersion, id: this.nodeId, tags });
  }

  #beat(): void {
    this.#publisher.nodeEvent('heartbeat', this.#reports.heartbeat());
  }

  #health(): HealthReply {
    const { startedBy, natsServerPid, storeDirectory } = this.#options;
    return {
      nodeId: this.nodeId,
      pid: process.pid,
      url: this.url,
      startedBy,
      holders: this.#leases.holders,
      ...(natsServerPid === undefined ? {} : { natsServerPid }),
      ...(storeDirectory === undefined ? {} : { storeDirectory }),
    };
  }

  async #shutDown(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#leases.dispose();
    await removeNodeFile(this.nodeId);
    await this.#lifecycle.stopAll('Node stopped');
    await this.#pool.dispose();
    await this.#artifactFiles.dispose();
    this.#publisher.nodeEvent('node_stopped', { id: this.nodeId, graceful: true });
    await drain(this.#connection);
  }
}

/** The agent's bundle, beside our own. */
const agentPath = fileURLToPath(new URL('agent.cjs', import.meta.url));

/** A server that is already gone must not keep the node from ending. */
async function drain(connection: NatsConnection): Promise<void> {
  const timer = setTimeout(() => void connection.close(), 1000);
  await connection.drain().catch(() => connection.close());
  clearTimeout(timer);
}
