import * as vscode from 'vscode';
import { NexError } from '../../runtime/protocol/nexError.ts';
import type { Services } from '../services.ts';
import { isNodesItem } from '../views/nodesItem.ts';
import type { Connection } from './connection.ts';

/**
 * The connection of a view's item, else one that the person chooses. Undefined where they cancel.
 *
 * @param isMeant which connections are offered
 */
export async function chooseConnection(
  { connections }: Pick<Services, 'connections'>,
  item: unknown,
  placeHolder: string,
  isMeant: (connection: Connection) => boolean,
): Promise<Connection | undefined> {
  if (isNodesItem(item) && item.kind === 'connection') return item.connection;
  await connections.refresh();
  const meant = connections.all.filter(isMeant);
  if (meant.length === 0) {
    throw new NexError('no-connection', 'There is no such connection.', {
      remedy: 'Add one with Nex: Add Connection….',
    });
  }
  const picks = meant.map((connection) => ({ ...describeConnection(connection), connection }));
  return (await vscode.window.showQuickPick(picks, { placeHolder, matchOnDescription: true }))
    ?.connection;
}

export const isRemote = ({ kind }: Connection) => kind !== 'local';

const icons = { local: 'device-desktop', context: 'terminal', own: 'plug' } as const;

/** How a connection looks in a list to choose from. */
const describeConnection = ({ kind, name, place = '', state }: Connection) => ({
  label: `$(${icons[kind]}) ${name}`,
  description: state.kind === 'connected' ? place : `${place} (not connected)`.trim(),
});
