import * as vscode from 'vscode';
import { itemContexts } from '../ids.ts';
import type { NexletEntry, NodeEntry } from '../node/nodeEntries.ts';
import { describeUptime } from './uptime.ts';

export function nodeItem(node: NodeEntry): vscode.TreeItem {
  const { connectionId, nodeId, name, version, generation, uptime, isOurs, isLameDuck } = node;
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `${connectionId}/${nodeId}`;
  item.description = [
    ...(isOurs ? ['this window’s'] : [`Nex ${version}`]),
    ...(isLameDuck ? ['lame duck'] : []),
    describeUptime(uptime),
  ].join(' · ');
  item.iconPath = new vscode.ThemeIcon(...icon(node));
  item.contextValue = generation === '0.4' ? itemContexts.nodeV04 : itemContexts.node;
  const lookedAt = generation === '0.4' ? ' \\\nof another generation: only looked at' : '';
  const system = [node.tags['nex.os'], node.tags['nex.arch']].filter(Boolean).join('/');
  item.tooltip = new vscode.MarkdownString(
    `**${name}** \\\n${nodeId}\n\nNex ${version} ${system} \\\n${describeUptime(uptime)}${lookedAt}`,
  );
  return item;
}

export function nexletItem(node: NodeEntry, nexlet: NexletEntry): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const count = node.workloads.filter(({ type }) => type === nexlet.type).length;
  const item = new vscode.TreeItem(nexlet.name, count > 0 ? Collapsed : None);
  item.id = `${node.connectionId}/${node.nodeId}/nexlet/${nexlet.id}`;
  item.description = `nexlet for ${nexlet.type} · ${nexlet.health}`;
  item.iconPath = new vscode.ThemeIcon('extensions');
  item.contextValue = itemContexts.nexlet;
  item.tooltip = `${nexlet.name}\n${nexlet.id}\nruns ${nexlet.type} workloads`;
  return item;
}

function icon({ isOurs, isLameDuck }: NodeEntry): [string, vscode.ThemeColor?] {
  if (isLameDuck) return ['vm-outline', new vscode.ThemeColor('charts.yellow')];
  return [isOurs ? 'vm-active' : 'vm'];
}
