import * as vscode from 'vscode';
import { explainNats } from '../runtime/protocol/natsFailures.ts';
import { NexError, describeError } from '../runtime/protocol/nexError.ts';
import { commands, settings } from './ids.ts';

interface Remedy {
  button: string;
  run: () => Thenable<unknown>;
}

const openSetting = (id: string): Remedy => ({
  button: 'Open Settings',
  run: () => vscode.commands.executeCommand('workbench.action.openSettings', id),
});
const runCommand = (button: string, command: string): Remedy => ({
  button,
  run: () => vscode.commands.executeCommand(command),
});

/** What a button can do about an error, by its code. */
const remedies: Readonly<Record<string, Remedy>> = {
  'node-missing': openSetting(settings.nodePath),
  'node-unfit': openSetting(settings.nodePath),
  'nats-unreachable': openSetting(settings.serverUrl),
  'nats-authorization': openSetting(settings.serverUrl),
  'node-stopped': runCommand('Start Local Node', commands.startNode),
  'no-node': runCommand('Start Local Node', commands.startNode),
  'connection-failed': runCommand('Edit Connection…', commands.editConnection),
  'workspace-untrusted': runCommand('Manage Workspace Trust', 'workbench.trust.manage'),
};

/** Shows what went wrong, why, and what to do, with a button where one can do it. Cancelled is not failed. */
export async function showError(thrown: unknown, log: vscode.LogOutputChannel): Promise<void> {
  const error = explainNats(thrown);
  if (error instanceof NexError && error.code === 'cancelled') return;
  log.error(error instanceof Error ? error : String(error));
  const code = error instanceof NexError ? error.code : '';
  const remedy = remedies[code] ?? runCommand('Show Logs', commands.showLogs);
  const chosen = await vscode.window.showErrorMessage(describeError(error), remedy.button);
  if (chosen === remedy.button) await remedy.run();
}
