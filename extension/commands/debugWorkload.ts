import * as vscode from 'vscode';
import { isFunctionType } from '../../runtime/protocol/workloadTypes.ts';
import { chooseWorkload } from '../chooseWorkload.ts';
import { localConnectionId } from '../connections/connection.ts';
import { attachConfiguration } from '../debug/nexConfiguration.ts';
import { requireTrust } from '../programFile.ts';
import type { Services } from '../services.ts';

/** Attaches the debugger to a workload that runs. Resolves with whether a session has started. */
export async function debugWorkload(services: Services, item?: unknown): Promise<boolean> {
  requireTrust();
  const workload = await chooseWorkload(
    services,
    item,
    'Function to debug',
    ({ type, connectionId }) => connectionId === localConnectionId && isFunctionType(type),
  );
  if (workload === undefined) return false;
  if (services.sessions.find(workload) !== undefined) {
    void vscode.window.showInformationMessage(`${workload.name} is being debugged already.`);
    return false;
  }
  const folder = vscode.workspace.workspaceFolders?.[0];
  const configuration = attachConfiguration(workload.name, workload.namespace);
  return vscode.debug.startDebugging(folder, configuration);
}
