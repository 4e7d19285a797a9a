import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import * as vscode from 'vscode';
import { connectNats } from '../../runtime/client/connectNats.ts';
import { loginFiles, type LoginFiles, type NatsTarget } from '../../runtime/client/natsTarget.ts';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import { DevClient } from '../../runtime/client/devClient.ts';
import { readKeys, type Keys } from '../../runtime/client/keys.ts';
import { holdLease, type Lease } from '../../runtime/client/lease.ts';
import { listNodeFiles } from '../../runtime/client/nodeFiles.ts';
import { findLocalNode, startLocalNode } from '../../runtime/client/startLocalNode.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';
import {
  localConnectionId,
  placeOf,
  type ConnectedNats,
  type Connection,
  type ConnectionState,
} from '../connections/connection.ts';
import { readSettings } from '../nexSettings.ts';
import { chooseNats } from './chooseNats.ts';
import { chooseRuntime } from './chooseRuntime.ts';

/** The node that this window holds, and our connection to the NATS server that it is on. */
export interface LinkedNode extends ConnectedNats {
  readonly nodeId: string;
  readonly creds: string | undefined;
}

export type NodeState = ConnectionState<LinkedNode>;

interface Found extends LoginFiles {
  nodeId: string;
  url: string;
}

/**
 * The connection to this window's own node, the one that programs run on: finds it, starts it where it is needed, and
 * holds it while we live.
 */
export class NodeLink implements Connection {
  readonly id = localConnectionId;
  readonly kind = 'local';
  readonly name = 'Local node';
  readonly #changed = new vscode.EventEmitter<NodeState>();
  readonly onDidChange = this.#changed.event;
  readonly #log: vscode.LogOutputChannel;
  readonly #holder = `VS Code ${process.pid} ${randomUUID()}`;
  #state: NodeState = { kind: 'disconnected' };
  #starting: Promise<LinkedNode> | undefined;
  #looking: Promise<void> | undefined;
  #lease: Lease | undefined;
  #disposed = false;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  get state(): NodeState {
    return this.#state;
  }

  get node(): LinkedNode | undefined {
    return this.#state.kind === 'connected' ? this.#state.nats : undefined;
  }

  get place(): string | undefined {
    return this.node && placeOf(this.node.url);
  }

  /** The running node. Throws the NexError `node-stopped` where there is none. */
  requireNode(): LinkedNode {
    if (this.node !== undefined) return this.node;
    throw new NexError('node-stopped', 'No node runs.', { remedy: 'Start the local node first.' });
  }

  dev(node: LinkedNode, nodeId = node.nodeId): DevClient {
    return new DevClient(node.connection, node.keys.issuer, nodeId);
  }

  connect(): Promise<LinkedNode> {
    return this.ensure();
  }

  disconnect(): Promise<void> {
    return this.#unlink();
  }

  /** The node, started where none runs; says so while it takes longer. Callers at once share one start. */
  async ensure(): Promise<LinkedNode> {
    if (this.node !== undefined) return this.node;
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  /** Links to a local node that runs already, if one does; starts none and asks nothing. */
  async linkIfRunning(): Promise<void> {
    if (this.#state.kind !== 'disconnected' || this.#starting !== undefined || this.#disposed)
      return;
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    await this.#looking;
  }

  /** Notices that a local node has ended: its file is gone, or the process that it names. */
  async check(): Promise<void> {
    const { node } = this;
    if (node === undefined || this.#lease === undefined) return;
    const files = await listNodeFiles();
    if (!files.some(({ nodeId }) => nodeId === node.nodeId)) await this.#unlink();
  }

  /** Lets go of the node; one that was started for somebody ends when the last has let go. Idempotent. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#unlink();
    this.#changed.dispose();
  }

  async #look(): Promise<void> {
    const { serverUrl } = readSettings();
    const found = await findLocalNode(
      serverUrl === undefined ? {} : { join: { server: serverUrl } },
    );
    if (found !== undefined) await this.#link(found);
  }

  async #start(): Promise<LinkedNode> {
    // Who looked shows what went wrong there.
    await this.#looking?.catch(() => undefined);
    if (this.node !== undefined) return this.node;
    const target = await chooseNats();
    this.#enter({ kind: 'connecting' });
    try {
      const found = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: 'Nex', cancellable: true },
        (progress, token) => {
          const controller = new AbortController();
          token.onCancellationRequested(() => controller.abort());
          const report = (message: string) => {
            this.#log.info(message);
            progress.report({ message });
          };
          report('starting the node…');
          return findOrStart(target, report, controller.signal);
        },
      );
      return await this.#link(found);
    } catch (error) {
      this.#enter({ kind: 'disconnected' });
      throw error;
    }
  }

  async #link({ nodeId, url, ...login }: Found): Promise<LinkedNode> {
    const keys = await readKeys();
    const files = loginFiles(login);
    const target = { ...files, server: url };
    const connection = await connectNats({ ...target, name: 'VS Code' });
    try {
      this.#lease = await this.#hold(connection, keys, nodeId);
    } catch (error) {
      await connection.close();
      throw error;
    }
    const control = new ControlClient(connection);
    const node = { nodeId, url, target, creds: files.creds, connection, keys, control };
    void this.#watchConnection(connection);
    this.#log.info(`node ${nodeId} on ${url}`);
    this.#enter({ kind: 'connected', nats: node });
    return node;
  }

  /** Only a local node of ours has a file, and can be held. */
  async #hold(connection: NatsConnection, keys: Keys, nodeId: string): Promise<Lease | undefined> {
    const isLocal = (await listNodeFiles()).some((file) => file.nodeId === nodeId);
    if (!isLocal) return undefined;
    return holdLease(connection, keys, nodeId, this.#holder, () => void this.check());
  }

  async #watchConnection(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' && this.node?.connection === connection) await this.check();
    }
  }

  async #unlink(): Promise<void> {
    const { node } = this;
    if (node === undefined) return;
    const lease = this.#lease;
    this.#lease = undefined;
    this.#enter({ kind: 'disconnected' });
    // A server that is gone never answers the release: closing the connection rejects it.
    const released = lease?.release();
    await Promise.race([released, new Promise((resolve) => setTimeout(resolve, releaseMs))]);
    await node.connection.close();
  }

  #enter(state: NodeState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}

/** VS Code gives a closing window's extensions five seconds. */
const releaseMs = 1000;

async function findOrStart(
  target: NatsTarget | undefined,
  onProgress: (text: string) => void,
  signal: AbortSignal,
): Promise<Found> {
  if (target !== undefined) {
    const there = await findNode(target);
    if (there !== undefined) return there;
  }
  const runtime = await chooseRuntime(onProgress, signal);
  const { natsServerPath } = readSettings();
  const join = target === undefined ? {} : { join: target };
  return startLocalNode({ ...join, runtime, natsServerPath, onProgress, signal });
}

/** Any node on that NATS server, a local one of ours first. */
async function findNode(target: NatsTarget): Promise<Found | undefined> {
  const local = await findLocalNode({ join: target });
  if (local !== undefined || target.server === undefined) return local;
  await using connection = await connectNats({ ...target, name: 'nex-devrun look-up' });
  const [node] = await new ControlClient(connection).pingAll();
  return node && { nodeId: node.node_id, url: target.server, creds: target.creds };
}
