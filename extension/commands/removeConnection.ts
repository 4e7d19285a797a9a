import * as vscode from 'vscode';
import { chooseConnection } from '../connections/chooseConnection.ts';
import { ownConnectionId } from '../connections/connections.ts';
import type { Services } from '../services.ts';

/** Forgets a connection that was added, with its password. */
export async function removeConnection(services: Services, item?: unknown): Promise<void> {
  const { connections } = services;
  const isOwn = ({ kind }: { kind: string }) => kind === 'own';
  const chosen = await chooseConnection(services, item, 'Connection to remove', isOwn);
  if (chosen === undefined) return;
  const remove = 'Remove';
  const question = `Remove the connection ${chosen.name}?`;
  const detail = 'Its password is forgotten. What runs there goes on running.';
  const options = { modal: true, detail };
  const answer = await vscode.window.showWarningMessage(question, options, remove);
  if (answer !== remove) return;
  const own = connections.own.list().find((one) => ownConnectionId(one) === chosen.id);
  if (own !== undefined) await connections.own.remove(own.id);
  await connections.refresh();
}
