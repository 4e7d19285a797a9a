import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import * as vscode from 'vscode';
import { connectNats } from '../../../runtime/client/connectNats.ts';
import { commands } from '../../../extension/ids.ts';
import { readLinkedWorkloads } from '../../../extension/node/nodeEntries.ts';
import type { Services } from '../../../extension/services.ts';
import type { NodesItem } from '../../../extension/views/nodesItem.ts';
import { NodeLink } from '../../../extension/node/nodeLink.ts';

export const echoSource = `(subject, payload) => {
  const text = String.fromCharCode(...payload);
  console.log('triggered on', subject);
  return { triggered_on: subject, payload: text };
};
`;

/** Writes a file into the folder that is open. */
export async function writeProgram(name: string, source: string): Promise<vscode.Uri> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error('no folder is open');
  const path = join(folder.uri.fsPath, name);
  await writeFile(path, source);
  return vscode.Uri.file(path);
}

/** A connection of a stranger to the NATS server of the window's node. */
export async function connectToNode(): Promise<NatsConnection> {
  const url = await vscode.commands.executeCommand<string>(commands.startNode);
  return connectNats({ server: url, name: 'host suite' });
}

/** What the running extension works with: it hands that to its tests alone. */
export async function runningExtension(): Promise<Services> {
  const extension = vscode.extensions.getExtension<Services | undefined>('nex-devrun.nex-devrun');
  const services = await extension?.activate();
  if (services === undefined) throw new Error('the extension does not run under test');
  return services;
}

/** The rows below a row of the view Nodes, which is named by the labels on the way to it, as a person sees them. */
export async function rowsBelow(...labels: readonly string[]): Promise<Row[]> {
  const { nodesView } = await runningExtension();
  const rowsOf = (item?: NodesItem): Row[] =>
    nodesView.getChildren(item).map((child) => toRow(child, nodesView.getTreeItem(child)));
  let rows = rowsOf();
  for (const label of labels) {
    const row = rows.find((one) => one.label === label);
    if (row === undefined) return [];
    rows = rowsOf(row.child);
  }
  return rows;
}

export interface Row {
  /** What commands of the row's menu are given. */
  readonly child: NodesItem;
  readonly item: vscode.TreeItem;
  readonly label: string;
}

const toRow = (child: NodesItem, item: vscode.TreeItem): Row => {
  const { label = '' } = item;
  return { child, item, label: typeof label === 'string' ? label : label.label };
};

/** Rows below the node of this window. */
export async function localRows(): Promise<Row[]> {
  const [node] = await rowsBelow('Local node');
  return node === undefined ? [] : rowsBelow('Local node', node.label);
}

/** Stops whatever runs on the window's node. */
export async function stopWorkloads(): Promise<void> {
  const log = vscode.window.createOutputChannel('host suite', { log: true });
  const link = new NodeLink(log);
  try {
    await link.linkIfRunning();
    for (const workload of await readLinkedWorkloads(link, link.requireNode())) {
      await vscode.commands.executeCommand(commands.stopWorkload, { kind: 'workload', workload });
    }
  } finally {
    await link.dispose();
    log.dispose();
  }
}

/** Awaits a condition that something outside brings about. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not true in time: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
