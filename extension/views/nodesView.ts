import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isFunctionType } from '../../runtime/protocol/workloadTypes.ts';
import { commands, itemContexts } from '../ids.ts';
import { readNodes, type NodeEntry, type WorkloadEntry } from '../node/nodeEntries.ts';
import type { NodeLink } from '../node/nodeLink.ts';
import { workloadIcon } from '../workloadIcon.ts';
import { Refresher } from './refresher.ts';

export type NodesItem =
  { kind: 'node'; node: NodeEntry } | { kind: 'workload'; workload: WorkloadEntry };

/** Items of a view come through VS Code untyped. */
export const isNodesItem = (item: unknown): item is NodesItem =>
  typeof item === 'object' && item !== null && ('workload' in item || 'node' in item);

/** Nodes with their workloads. Its truth is what the nodes answer, asked anew when an event says that it changed. */
export class NodesView implements vscode.TreeDataProvider<NodesItem> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #link: NodeLink;
  readonly #log: vscode.LogOutputChannel;
  readonly #refresher = new Refresher(() => this.#load());
  /** Also of workloads that have gone: their last lines still come. */
  readonly #names = new Map<string, string>();
  #nodes: readonly NodeEntry[] = [];

  constructor(link: NodeLink, log: vscode.LogOutputChannel) {
    this.#link = link;
    this.#log = log;
  }

  get nodes(): readonly NodeEntry[] {
    return this.#nodes;
  }

  /** Name of a workload that was seen. */
  nameOf(workloadId: string): string | undefined {
    return this.#names.get(workloadId);
  }

  refresh(): void {
    this.#refresher.request();
  }

  getChildren(item?: NodesItem): NodesItem[] {
    if (item === undefined) return this.#nodes.map((node) => ({ kind: 'node', node }));
    if (item.kind === 'workload') return [];
    return item.node.workloads.map((workload) => ({ kind: 'workload', workload }));
  }

  getTreeItem(item: NodesItem): vscode.TreeItem {
    return item.kind === 'node' ? nodeItem(item.node, this.#link) : workloadItem(item.workload);
  }

  dispose(): void {
    this.#refresher.dispose();
    this.#changed.dispose();
  }

  async #load(): Promise<void> {
    const linked = this.#link.node;
    try {
      this.#nodes = linked === undefined ? [] : await readNodes(this.#link, linked);
    } catch (error) {
      this.#log.warn(`nodes cannot be listed: ${String(error)}`);
    }
    for (const { id, name } of this.#nodes.flatMap(({ workloads }) => workloads)) {
      this.#names.set(id, name);
    }
    this.#changed.fire(undefined);
  }
}

function nodeItem(node: NodeEntry, link: NodeLink): vscode.TreeItem {
  const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.Expanded);
  const url = link.node?.url ?? '';
  item.id = node.nodeId;
  item.description = node.isOurs ? url.replace('nats://', '') : `Nex ${node.version}`;
  item.iconPath = new vscode.ThemeIcon(node.isOurs ? 'vm-active' : 'vm');
  item.contextValue = itemContexts.node;
  item.tooltip = new vscode.MarkdownString(
    `**${node.name}** \\\n${node.nodeId}\n\nNATS: ${url} \\\nNex: ${node.version} \\\nup ${node.uptime}`,
  );
  return item;
}

function workloadItem(workload: WorkloadEntry): vscode.TreeItem {
  const { name, program, namespace } = workload;
  const label = program === undefined ? name : basename(program);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.id = `${workload.nodeId}/${workload.id}`;
  item.description = describe(workload);
  item.iconPath = icon(workload);
  item.contextValue = contextOf(workload);
  item.tooltip = new vscode.MarkdownString(
    [
      `**${name}** (${workload.type}${namespace === 'default' ? '' : `, ${namespace}`})`,
      describeTriggers(workload),
      ...(program === undefined ? [] : [program]),
      ...(workload.restarts ? [`restarted ${workload.restarts} times`] : []),
    ].join(' \\\n'),
  );
  if (program !== undefined) {
    const opened: NodesItem = { kind: 'workload', workload };
    item.command = { command: commands.openProgram, title: 'Open file', arguments: [opened] };
  }
  return item;
}

function contextOf({ program, type }: WorkloadEntry): string {
  if (program === undefined) return itemContexts.foreignWorkload;
  return isFunctionType(type) ? itemContexts.workload : itemContexts.service;
}

function describeTriggers({ type, triggerSubjects }: WorkloadEntry): string {
  if (!isFunctionType(type)) return 'a service: it subscribes by itself';
  const subjects = triggerSubjects.map((subject) => `\`${subject}\``).join(', ');
  return `triggered by ${subjects || 'replays only'}`;
}

function describe(workload: WorkloadEntry): string {
  const { triggerSubjects, invocations = 0, failures = 0, paused, waiting, state } = workload;
  const parts = [triggerSubjects.join(', ')];
  if (state !== 'running') parts.push(state);
  if (paused) parts.push(waiting > 0 ? `paused, ${waiting} waiting` : 'paused');
  if (invocations > 0) parts.push(`${invocations} ${invocations === 1 ? 'call' : 'calls'}`);
  if (failures > 0) parts.push(`${failures} failed`);
  return parts.filter((part) => part !== '').join(' · ');
}

function icon({ type, state, paused }: WorkloadEntry): vscode.ThemeIcon {
  if (paused) return new vscode.ThemeIcon('debug-pause', new vscode.ThemeColor('charts.yellow'));
  if (state === 'failed') return new vscode.ThemeIcon('error', new vscode.ThemeColor('charts.red'));
  if (state === 'starting') return new vscode.ThemeIcon('loading~spin');
  return new vscode.ThemeIcon(workloadIcon(type), new vscode.ThemeColor('charts.green'));
}
