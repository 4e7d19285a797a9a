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
  const isOff = (connection: Connection) => natsOf(connection) === undefined;
  // Enter chooses a node that is there, where there is one.
  let offered = connections.all.toSorted((a, b) => Number(isOff(a)) - Number(isOff(b)));
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
  const lists = await Promise.allSettled([
    readNodes(connection, nats),
    readNodesV04(connection, nats),
  ]);
  const nodes = lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
  const picks = nodes.map((node) => ({ ...describeNode(node), connection, node }));
  const faults = lists.flatMap((list): Pick[] =>
    list.status === 'fulfilled'
      ? []
      : [{ label: `$(warning) ${errorText(explainNats(list.reason))}` }],
  );
  if (picks.length + faults.length > 0) return [...picks, ...faults];
  return [{ label: '$(info) No Nex node answers.' }];
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
