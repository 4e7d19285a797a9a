import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isFunctionType } from '../../runtime/protocol/workloadTypes.ts';
import { localConnectionId } from '../connections/connection.ts';
import { commands, itemContexts } from '../ids.ts';
import type { WorkloadEntry } from '../node/nodeEntries.ts';
import { workloadIcon } from '../workloadIcon.ts';
import type { NodesItem } from './nodesItem.ts';
import { describeUptime } from './uptime.ts';

type WorkloadRow = Extract<NodesItem, { kind: 'workload' }>;

export function workloadItem(row: WorkloadRow): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const { workload } = row;
  const { program, triggerSubjects } = workload;
  const label = program === undefined ? workload.name : basename(program);
  const item = new vscode.TreeItem(label, triggerSubjects.length > 0 ? Collapsed : None);
  item.id = idOf(workload);
  item.description = describe(workload);
  item.iconPath = icon(workload);
  item.contextValue = contextOf(workload);
  item.tooltip = tooltip(workload);
  if (program !== undefined) {
    item.command = { command: commands.openProgram, title: 'Open file', arguments: [row] };
  }
  return item;
}

export function triggerItem(workload: WorkloadEntry, subject: string): vscode.TreeItem {
  const item = new vscode.TreeItem(subject);
  item.id = `${idOf(workload)}/${subject}`;
  item.iconPath = new vscode.ThemeIcon('zap');
  item.contextValue = itemContexts.trigger;
  item.tooltip = `A message on ${subject} runs ${workload.name}.`;
  return item;
}

const idOf = ({ connectionId, nodeId, id }: WorkloadEntry) => `${connectionId}/${nodeId}/${id}`;

function contextOf({ connectionId, generation, program, type, hasDevApi }: WorkloadEntry): string {
  if (generation === '0.4') return itemContexts.workloadV04;
  if (program === undefined) return itemContexts.foreignWorkload;
  // An inspector listens on its own machine only.
  const isNear = connectionId === localConnectionId && hasDevApi === true;
  if (!isNear) return itemContexts.deployedWorkload;
  return isFunctionType(type) ? itemContexts.workload : itemContexts.service;
}

function tooltip(workload: WorkloadEntry): vscode.MarkdownString {
  const { name, type, namespace, program, restarts, uptime, id } = workload;
  const lines = [
    `**${name}** (${type}${namespace === 'default' ? '' : `, ${namespace}`})`,
    id,
    describeTriggers(workload),
    ...(uptime === undefined ? [] : [describeUptime(uptime)]),
    ...(program === undefined ? [] : [program]),
    ...(restarts ? [`restarted ${restarts} times`] : []),
  ];
  return new vscode.MarkdownString(lines.join(' \\\n'));
}

function describeTriggers({ type, triggerSubjects, program }: WorkloadEntry): string {
  if (!isFunctionType(type)) return 'a service: it subscribes by itself';
  const subjects = triggerSubjects.map((subject) => `\`${subject}\``).join(', ');
  if (subjects !== '') return `triggered by ${subjects}`;
  return program === undefined
    ? 'its node does not tell its subjects'
    : 'triggered by replays only';
}

function describe(workload: WorkloadEntry): string {
  const { triggerSubjects, invocations = 0, failures = 0, paused, waiting, state } = workload;
  const parts = [triggerSubjects.join(', ')];
  if (workload.namespace !== 'default') parts.push(`in ${workload.namespace}`);
  if (state !== 'running') parts.push(state);
  if (paused) parts.push(waiting > 0 ? `paused, ${waiting} waiting` : 'paused');
  if (invocations > 0) parts.push(`${invocations} ${invocations === 1 ? 'call' : 'calls'}`);
  if (failures > 0) parts.push(`${failures} failed`);
  return parts.filter((part) => part !== '').join(' · ');
}

function icon({ type, state, paused }: WorkloadEntry): vscode.ThemeIcon {
  if (paused) return new vscode.ThemeIcon('debug-pause', new vscode.ThemeColor('charts.yellow'));
  if (state === 'failed' || state === 'error') {
    return new vscode.ThemeIcon('error', new vscode.ThemeColor('charts.red'));
  }
  if (state === 'starting') return new vscode.ThemeIcon('loading~spin');
  return new vscode.ThemeIcon(workloadIcon(type), new vscode.ThemeColor('charts.green'));
}
