import * as vscode from 'vscode';
import { explainNats } from '../../runtime/protocol/natsFailures.ts';
import { errorText } from '../../runtime/protocol/nexError.ts';
import { readNodes, type NodeEntry } from '../node/nodeEntries.ts';
import { readNodesV04 } from '../node/nodeEntriesV04.ts';
import type { Services } from '../services.ts';
import { natsOf, type ConnectedNats, type Connection } from './connection.ts';

export interface DeployTarget {
  connection: Connection;
  nats: ConnectedNats;
  node: NodeEntry;
}

type Pick = vscode.QuickPickItem & { connection?: Connection; node?: NodeEntry };

/** Lets the person choose among the nodes of all connections; one that is not connected is, when it is chosen. */
export async function chooseDeployTarget(
  services: Services,
  title: string,
): Promise<DeployTarget | undefined> {
  const { connections } = services;
  await connections.refresh();
  let offered = connections.all;
  for (;;) {
    const picks = await Promise.all(offered.map((connection) => picksOf(connection)));
    const options = { title, placeHolder: 'Node to deploy to', matchOnDescription: true };
    const pick = await vscode.window.showQuickPick<Pick>(picks.flat(), options);
    if (pick?.connection === undefined) return undefined;
    const { connection, node } = pick;
    const nats = await connection.connect();
    if (node !== undefined) return { connection, nats, node };
    offered = [connection];
  }
}

async function picksOf(connection: Connection): Promise<Pick[]> {
  const { name: label, place = '' } = connection;
  const nats = natsOf(connection);
  if (nats === undefined) {
    const isLocal = connection.kind === 'local';
    const what = isLocal ? 'Start the local node…' : `Connect to ${label}…`;
    return [separator(label), { label: `$(plug) ${what}`, description: place, connection }];
  }
  const nodes = await tryReadNodes(connection, nats);
  return [separator(label), ...nodes];
}

const separator = (label: string): Pick => ({ label, kind: vscode.QuickPickItemKind.Separator });

/** Why a connection has none to choose from is a line that leads nowhere. */
async function tryReadNodes(connection: Connection, nats: ConnectedNats): Promise<Pick[]> {
  try {
    const lists = await Promise.all([
      readNodes(connection, nats),
      readNodesV04(connection, nats, new Set(['default'])),
    ]);
    const nodes = lists.flat().map((node) => ({ ...describeNode(node), connection, node }));
    return nodes.length > 0 ? nodes : [{ label: '$(info) No Nex node answers.' }];
  } catch (error) {
    return [{ label: `$(warning) ${errorText(explainNats(error))}` }];
  }
}

const describeNode = ({ name, version, generation, isLameDuck, nodeId }: NodeEntry) => ({
  label: `$(${generation === '0.4' ? 'circle-slash' : 'vm'}) ${name}`,
  description: [
    `Nex ${version}`,
    ...(generation === '0.4' ? ['has no functions'] : []),
    ...(isLameDuck ? ['lame duck: takes nothing new'] : []),
  ].join(' · '),
  detail: nodeId,
});
