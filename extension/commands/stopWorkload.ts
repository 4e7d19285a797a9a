import * as vscode from 'vscode';
import { chooseWorkload } from '../chooseWorkload.ts';
import type { Services } from '../services.ts';

/** Stops a workload on its node; a debug session of it ends with it. */
export async function stopWorkload(services: Services, item?: unknown): Promise<void> {
  const workload = await chooseWorkload(services, item, 'Workload to stop');
  if (workload === undefined) return;
  const { control, keys } = services.link.requireNode();
  const session = services.sessions.find(workload);
  const { nodeId, namespace, id: workloadId } = workload;
  await control.stop({ nodeId, namespace, workloadId }, keys.issuer);
  if (session !== undefined) await vscode.debug.stopDebugging(session);
  services.log.info(`${workload.name} stopped`);
  services.nodesView.refresh();
}
