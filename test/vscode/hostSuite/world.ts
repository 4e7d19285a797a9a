import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import * as vscode from 'vscode';
import { connectNats } from '../../../runtime/client/connectNats.ts';
import { commands } from '../../../extension/ids.ts';
import { readLinkedWorkloads } from '../../../extension/node/nodeEntries.ts';
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
