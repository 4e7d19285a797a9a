import type * as vscode from 'vscode';
import { systemNamespace } from '../../runtime/protocol/events.ts';
import { explainNats } from '../../runtime/protocol/natsFailures.ts';
import { describeError } from '../../runtime/protocol/nexError.ts';
import { natsOf, type ConnectedNats, type Connection } from '../connections/connection.ts';
import type { DeployMemory } from '../deployMemory.ts';
import { followEvents, type SeenEvent } from '../liveUpdates.ts';
import { Refresher } from '../views/refresher.ts';
import { followWorkloadLogs } from '../workloadLogs.ts';
import { InvocationCounts } from './invocationCounts.ts';
import { readNodes, type Generation, type NodeEntry, type WorkloadEntry } from './nodeEntries.ts';
import { readNodesV04 } from './nodeEntriesV04.ts';

/** Soon with our own node; on a NATS of others a busy function is no reason to ask all nodes ten times a second. */
const delaysMs = { local: 150, remote: 1000 } as const;

const readers = { '0.3': readNodes, '0.4': readNodesV04 } as const;
const noNodes: Readonly<Record<Generation, readonly NodeEntry[]>> = { '0.3': [], '0.4': [] };

/** Each costs every node a request; anybody may publish an event in any. */
const mostNamespaces = 20;

/**
 * The nodes of one connection while it is connected. Its truth is what the nodes answer, asked anew when an event says
 * that it changed.
 */
export class NodesWatch {
  readonly connection: Connection;
  readonly #memory: DeployMemory;
  readonly #log: vscode.LogOutputChannel;
  readonly #onChange: () => void;
  readonly #refresher: Refresher;
  /** Also of workloads that have gone: their last lines still come. */
  readonly #names = new Map<string, string>();
  readonly #namespaces = new Set(['default']);
  #counts = new InvocationCounts();
  #nats: ConnectedNats | undefined;
  #nodes = noNodes;
  #faults = new Map<string, string>();

  constructor(
    connection: Connection,
    {
      deployments,
      log,
      onChange,
    }: {
      deployments: DeployMemory;
      log: vscode.LogOutputChannel;
      onChange: () => void;
    },
  ) {
    this.connection = connection;
    this.#memory = deployments;
    this.#log = log;
    this.#onChange = onChange;
    const delay = connection.kind === 'local' ? delaysMs.local : delaysMs.remote;
    this.#refresher = new Refresher(() => this.#load(), delay);
  }

  get nodes(): readonly NodeEntry[] {
    return [...this.#nodes['0.3'], ...this.#nodes['0.4']];
  }

  /** What cannot be seen there, in words. */
  get faults(): readonly string[] {
    return [...this.#faults.values()];
  }

  nameOf(workloadId: string): string | undefined {
    return this.#names.get(workloadId);
  }

  /** Also looks into this namespace from now on. */
  addNamespace(namespace: string): void {
    if (this.#namespaces.size < mostNamespaces) this.#namespaces.add(namespace);
  }

  /** Looks whether the connection has come or gone. */
  follow(): void {
    const nats = natsOf(this.connection);
    if (nats === this.#nats) return;
    this.#nats = nats;
    this.#counts = new InvocationCounts();
    this.#faults.clear();
    if (nats === undefined) this.#nodes = noNodes;
    else {
      const prefix = this.connection.kind === 'local' ? '' : `${this.connection.name}: `;
      const nameOf = (id: string) => this.nameOf(id);
      this.#watch(
        'events',
        nats,
        followEvents(nats, (event) => this.#note(event)),
      );
      this.#watch('logs', nats, followWorkloadLogs(nats, { nameOf, prefix, log: this.#log }));
    }
    this.refresh();
  }

  refresh(): void {
    this.#refresher.request();
  }

  dispose(): void {
    this.#refresher.dispose();
  }

  /** What goes wrong with it while the connection lives is shown beside the nodes. */
  #watch(what: string, nats: ConnectedNats, following: Promise<void>): void {
    following.catch((error: unknown) => {
      if (nats === this.#nats) this.#setFault(what, error);
    });
  }

  #note(event: SeenEvent): void {
    if (event.namespace !== systemNamespace) this.addNamespace(event.namespace);
    this.#counts.count(event);
    this.refresh();
  }

  async #load(): Promise<void> {
    const nats = this.#nats;
    if (nats !== undefined) {
      await Promise.all([this.#read('0.3', nats), this.#read('0.4', nats)]);
    }
    for (const { id, name } of this.nodes.flatMap(({ workloads }) => workloads)) {
      this.#names.set(id, name);
    }
    this.#onChange();
  }

  /** What cannot be read stays as it was seen last. */
  async #read(generation: Generation, nats: ConnectedNats): Promise<void> {
    const what = `nodes of Nex ${generation}`;
    try {
      const nodes = await readers[generation](this.connection, nats, this.#namespaces);
      if (nats !== this.#nats) return;
      this.#nodes = { ...this.#nodes, [generation]: nodes.map((node) => this.#complete(node)) };
      this.#faults.delete(what);
    } catch (error) {
      if (nats === this.#nats) this.#setFault(what, error);
    }
  }

  #complete(node: NodeEntry): NodeEntry {
    const complete = (workload: WorkloadEntry) =>
      this.#counts.complete(this.#memory.complete(workload));
    return { ...node, workloads: node.workloads.map(complete) };
  }

  #setFault(what: string, error: unknown): void {
    const text = `The ${what} of ${this.connection.name} cannot be seen: ${describeError(explainNats(error))}`;
    this.#log.warn(text);
    this.#faults.set(what, text);
    this.#onChange();
  }
}
