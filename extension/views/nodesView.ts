import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import type { Connections } from '../connections/connections.ts';
import type { DeployMemory } from '../deployMemory.ts';
import type { NodeEntry, WorkloadEntry } from '../node/nodeEntries.ts';
import { NodesWatch } from '../node/nodesWatch.ts';
import { connectionItem, noteItem } from './connectionItems.ts';
import { nexletItem, nodeItem } from './nodeItems.ts';
import type { NodesItem } from './nodesItem.ts';
import { TreeRows } from './treeRows.ts';
import { triggerItem, workloadItem } from './workloadItems.ts';

/** Connections, their nodes, what runs there, and on which subjects. */
export class NodesView implements vscode.TreeDataProvider<NodesItem> {
  readonly #redrawn = new vscode.EventEmitter<NodesItem[] | undefined>();
  readonly onDidChangeTreeData = this.#redrawn.event;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Nodes were read anew. */
  readonly onDidChange = this.#changed.event;
  readonly #rows = new TreeRows<NodesItem>({
    children: (item) => this.#childrenOf(item),
    draw: drawItem,
  });
  readonly #connections: Connections;
  readonly #deployments: DeployMemory;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscription: vscode.Disposable;
  #watches = new Map<string, NodesWatch>();

  constructor(connections: Connections, deployments: DeployMemory, log: vscode.LogOutputChannel) {
    this.#connections = connections;
    this.#deployments = deployments;
    this.#log = log;
    this.#subscription = connections.onDidChange(() => this.#follow());
    this.#follow();
  }

  /** Nodes on the NATS of this window's own node. */
  get nodes(): readonly NodeEntry[] {
    return this.nodesOf(this.#connections.local);
  }

  /** Those that were seen last. */
  nodesOf({ id }: Connection): readonly NodeEntry[] {
    return this.#watches.get(id)?.nodes ?? [];
  }

  refresh(): void {
    for (const watch of this.#watches.values()) watch.refresh();
  }

  /** Has the view look into the namespace of a new workload, too. */
  addNamespace(connectionId: string, namespace: string): void {
    this.#watches.get(connectionId)?.addNamespace(namespace);
  }

  getChildren(item?: NodesItem): NodesItem[] {
    return this.#rows.below(item);
  }

  getTreeItem(item: NodesItem): vscode.TreeItem {
    return this.#rows.item(item);
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const watch of this.#watches.values()) watch.dispose();
    this.#redrawn.dispose();
    this.#changed.dispose();
  }

  #childrenOf(item?: NodesItem): NodesItem[] {
    if (item === undefined) return this.#roots();
    switch (item.kind) {
      case 'connection':
        return this.#childrenOfConnection(item.connection);
      case 'node':
        return childrenOfNode(item.node);
      case 'nexlet':
        return workloadItems(item.node.workloads.filter(({ type }) => type === item.nexlet.type));
      case 'workload':
        return item.workload.triggerSubjects.map((subject) => ({
          ...{ kind: 'trigger', subject },
          workload: item.workload,
        }));
      default:
        return [];
    }
  }

  /** None where there is nothing but a local node that does not run: the view's welcome then says how to begin. */
  #roots(): NodesItem[] {
    const { all, local } = this.#connections;
    const isIdle = all.length === 1 && local.state.kind !== 'connected';
    return isIdle ? [] : all.map((connection) => ({ kind: 'connection', connection }));
  }

  #childrenOfConnection(connection: Connection): NodesItem[] {
    const { state } = connection;
    if (state.kind === 'disconnected' && state.reason !== undefined) {
      return [{ kind: 'note', text: state.reason, icon: 'error' }];
    }
    if (state.kind !== 'connected') return [];
    const nodes = this.nodesOf(connection).map((node): NodesItem => ({ kind: 'node', node }));
    const faults = this.#watches.get(connection.id)?.faults ?? [];
    const notes = faults.map((text): NodesItem => ({ kind: 'note', text, icon: 'warning' }));
    if (nodes.length + notes.length > 0) return [...notes, ...nodes];
    return [{ kind: 'note', text: 'No Nex node answers.', icon: 'info' }];
  }

  /** Each connection has a watch for as long as it is listed. */
  #follow(): void {
    const before = this.#watches;
    this.#watches = new Map(
      this.#connections.all.map((connection) => {
        const known = before.get(connection.id);
        const isSame = known?.connection === connection;
        return [connection.id, isSame ? known : this.#watchNodes(connection)];
      }),
    );
    for (const [id, watch] of before) if (this.#watches.get(id) !== watch) watch.dispose();
    for (const watch of this.#watches.values()) watch.follow();
    this.#announce();
  }

  #announce(): void {
    this.#redrawn.fire(this.#rows.update());
    this.#changed.fire();
  }

  #watchNodes(connection: Connection): NodesWatch {
    const onChange = () => this.#announce();
    return new NodesWatch(connection, { deployments: this.#deployments, log: this.#log, onChange });
  }
}

function drawItem(item: NodesItem): vscode.TreeItem {
  switch (item.kind) {
    case 'connection':
      return connectionItem(item.connection);
    case 'node':
      return nodeItem(item.node);
    case 'nexlet':
      return nexletItem(item.node, item.nexlet);
    case 'workload':
      return workloadItem(item);
    case 'trigger':
      return triggerItem(item.workload, item.subject);
    case 'note':
      return noteItem(item.text, item.icon);
  }
}

/** Of Nex 0.4 the nexlets, and what belongs to none of them. */
function childrenOfNode({ nexlets, workloads, ...node }: NodeEntry): NodesItem[] {
  const whole = { ...node, nexlets, workloads };
  const others = workloads.filter(({ type }) => !nexlets.some((nexlet) => nexlet.type === type));
  const note: NodesItem[] =
    node.fault === undefined ? [] : [{ kind: 'note', text: node.fault, icon: 'warning' }];
  return [
    ...note,
    ...nexlets.map((nexlet): NodesItem => ({ kind: 'nexlet', node: whole, nexlet })),
    ...workloadItems(others),
  ];
}

const workloadItems = (workloads: readonly WorkloadEntry[]): NodesItem[] =>
  workloads.map((workload) => ({ kind: 'workload', workload }));
