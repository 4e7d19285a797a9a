import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { nodeOfItem } from '../views/nodesItem.ts';

/** Lets a node take nothing new, for good, once the person has confirmed it. Resolves with whether it does so now. */
export async function lameDuck(services: Services, item?: unknown): Promise<boolean> {
  const { connectionId, nodeId, name, isOurs } = nodeOfItem(item);
  const { control, keys } = services.connections.requireNats(connectionId);
  const button = 'Enter Lame Duck Mode';
  const detail = [
    'What runs there goes on, new workloads are refused, and there is no way back but to start the node again.',
    ...(isOurs ? ['It is the node of this window: nothing can be run here until then.'] : []),
  ].join('\n\n');
  const question = `Shall ${name} take no new workloads?`;
  const options = { modal: true, detail };
  const answer = await vscode.window.showWarningMessage(question, options, button);
  if (answer !== button) return false;
  const { success } = await control.lameDuck(nodeId, keys.issuer);
  services.nodesView.refresh();
  return success;
}
