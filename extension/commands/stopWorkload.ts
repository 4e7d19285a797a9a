import * as vscode from 'vscode';
import { chooseWorkload } from '../chooseWorkload.ts';
import { localConnectionId } from '../connections/connection.ts';
import type { Services } from '../services.ts';

/** Stops a workload on its node; a debug session of it ends with it. */
export async function stopWorkload(services: Services, item?: unknown): Promise<void> {
  const workload = await chooseWorkload(services, item, 'Workload to stop');
  if (workload === undefined) return;
  const { connectionId, nodeId, namespace, id: workloadId } = workload;
  const { control, keys } = services.connections.requireNats(connectionId);
  const isLocal = connectionId === localConnectionId;
  const session = isLocal ? services.sessions.find(workload) : undefined;
  await control.stop({ nodeId, namespace, workloadId }, keys.issuer);
  if (session !== undefined) await vscode.debug.stopDebugging(session);
  services.log.info(`${workload.name} stopped`);
  services.nodesView.refresh();
}
