import * as vscode from 'vscode';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { buildForNode } from '../buildForNode.ts';
import { chooseWorkload } from '../chooseWorkload.ts';
import { deployFile } from '../deployFile.ts';
import { requireTrust } from '../programFile.ts';
import type { Services } from '../services.ts';

/** Builds the file of a workload anew and puts it in the place of the version that runs. */
export async function redeployWorkload(services: Services, item?: unknown): Promise<void> {
  requireTrust();
  const workload = await chooseWorkload(
    services,
    item,
    'Workload to deploy again',
    ({ program }) => program !== undefined,
  );
  if (workload?.program === undefined) return;
  const { connectionId, nodeId, namespace, program, triggerSubjects, hash } = workload;
  const connection = services.connections.require(connectionId);
  const nats = services.connections.requireNats(connectionId);
  const entry = services.nodesView.nodesOf(connection).find((node) => node.nodeId === nodeId);
  if (entry === undefined) {
    throw new NexError('node-not-found', `The node of ${workload.name} no longer answers.`, {
      remedy: 'Refresh the view Nodes.',
    });
  }
  const { artifact, node } = await buildForNode(services, program, nats, entry);
  if (artifact.hash === hash) {
    void vscode.window.showInformationMessage(`${workload.name} runs this version already.`);
    return;
  }
  await deployFile(services, {
    ...{ artifact, namespace, triggerSubjects: [...triggerSubjects] },
    // A node of ours keeps the environment and the like of the version that runs.
    extension: { reload: true },
    target: { connection, node },
  });
  void vscode.window.showInformationMessage(
    `${workload.name} runs its new version on ${entry.name}.`,
  );
}
