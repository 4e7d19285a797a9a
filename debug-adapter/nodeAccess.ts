import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../runtime/client/connectNats.ts';
import { ControlClient } from '../runtime/client/controlClient.ts';
import { DevClient } from '../runtime/client/devClient.ts';
import { readKeys, type Keys } from '../runtime/client/keys.ts';
import { holdLease, type Lease } from '../runtime/client/lease.ts';
import { loginFiles } from '../runtime/client/natsTarget.ts';
import { listNodeFiles } from '../runtime/client/nodeFiles.ts';
import { findRuntimeNode } from '../runtime/client/runtimeNode.ts';
import { startLocalNode } from '../runtime/client/startLocalNode.ts';
import { NexError, describeError } from '../runtime/protocol/nexError.ts';
import type { AttachArguments } from './launchArguments.ts';
import type { TargetReport } from './target.ts';

export type NodeArguments = Omit<AttachArguments, 'workload'>;

/** A NATS connection, who we are on it, and the hold on a node that lives as long as somebody holds it. */
export class NodeAccess implements AsyncDisposable {
  readonly connection: NatsConnection;
  readonly keys: Keys;
  #lease: Lease | undefined;

  /** Connects to the NATS asked for; without one, to the local node's, which is started where none runs. */
  static async open(
    args: NodeArguments,
    report: TargetReport,
    { start }: { start: boolean },
  ): Promise<NodeAccess> {
    const { server, context } = args;
    const isLocal = server === undefined && context === undefined && !process.env['NATS_URL'];
    if (isLocal && start) return NodeAccess.openLocal(args, report);
    const connection = await connectNats({ ...args, name: connectionName });
    return new NodeAccess(connection, await readKeys());
  }

  /** Connects to the local node on a NATS server of its own, which is started where none runs. */
  static async openLocal(
    args: Pick<NodeArguments, 'nodePath' | 'natsServerPath' | 'storeDirectory'>,
    report: TargetReport,
  ): Promise<NodeAccess> {
    const keys = await readKeys();
    const node = await startLocalNode({
      runtime: await findRuntimeNode({ nodePath: args.nodePath }),
      natsServerPath: args.natsServerPath,
      storeDirectory: args.storeDirectory,
      onProgress: (text) => report.print(`${text}\n`),
      signal: report.signal,
    });
    const connection = await connectNats({
      ...loginFiles(node),
      server: node.url,
      name: connectionName,
    });
    const access = new NodeAccess(connection, keys);
    // At once: a node that nobody holds ends after ten seconds.
    await access.hold(node.nodeId, report);
    return access;
  }

  private constructor(connection: NatsConnection, keys: Keys) {
    this.connection = connection;
    this.keys = keys;
  }

  dev(nodeId: string): DevClient {
    return new DevClient(this.connection, this.keys.issuer, nodeId);
  }

  /** Keeps a node alive while the session lives, where it is one that ends with the last who holds it. */
  async hold(nodeId: string, report: TargetReport): Promise<void> {
    if (this.#lease !== undefined) return;
    const node = (await listNodeFiles()).find((file) => file.nodeId === nodeId);
    if (node?.startedBy !== 'lease') return;
    const holder = `debug session ${process.pid} ${randomUUID()}`;
    this.#lease = await holdLease(this.connection, this.keys, nodeId, holder, (reason) =>
      report.print(`The node does not answer: ${describeError(reason)}\n`, 'stderr'),
    );
  }

  /** The node of this NATS whose workloads can be debugged, with the workload asked for. */
  async findWorkload(workload: string, namespace: string): Promise<string> {
    const nodes = await new ControlClient(this.connection).pingAll();
    let failure = noNode(this.connection.getServer());
    for (const { node_id: nodeId } of nodes) {
      try {
        await this.dev(nodeId).inspector({ workload, namespace });
        return nodeId;
      } catch (error) {
        if (!(error instanceof NexError)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#lease?.release();
    } finally {
      await this.connection.close();
    }
  }
}

const connectionName = 'nex-devrun debug adapter';

const noNode = (server: string) =>
  new NexError('no-node', `No Nex node answers at ${server}.`, {
    remedy: 'Start one with `nexdev up`.',
  });
