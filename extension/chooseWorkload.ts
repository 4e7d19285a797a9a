import { basename } from 'node:path';
import * as vscode from 'vscode';
import { NexError } from '../runtime/protocol/nexError.ts';
import { isRemote } from './connections/chooseConnection.ts';
import { readLinkedWorkloads, type WorkloadEntry } from './node/nodeEntries.ts';
import type { Services } from './services.ts';
import { isNodesItem } from './views/nodesItem.ts';
import { workloadIcon } from './workloadIcon.ts';

/**
 * The workload of a view's item, else one that the person chooses. Undefined where they cancel.
 *
 * @param isMeant which workloads are offered
 */
export async function chooseWorkload(
  services: Services,
  item: unknown,
  placeHolder: string,
  isMeant: (workload: WorkloadEntry) => boolean = () => true,
): Promise<WorkloadEntry | undefined> {
  if (isNodesItem(item) && 'workload' in item) return item.workload;
  const workloads = (await readWorkloads(services)).filter(isMeant);
  if (workloads.length === 0) {
    throw new NexError('no-workload', 'No such workload runs.', {
      remedy: 'Run a file as a Nex function first.',
    });
  }
  const picks = workloads.map((workload) => ({ ...describeWorkload(workload), workload }));
  return (await vscode.window.showQuickPick(picks, { placeHolder }))?.workload;
}

/** Those of this window's node as they are now, those of other connections as they were seen last. */
async function readWorkloads({ link, connections, nodesView }: Services): Promise<WorkloadEntry[]> {
  const remote = connections.all
    .filter(isRemote)
    .flatMap((connection) => nodesView.nodesOf(connection))
    .filter(({ generation }) => generation === '0.3')
    .flatMap(({ workloads }) => workloads);
  if (link.node === undefined && remote.length > 0) return remote;
  return [...(await readLinkedWorkloads(link, link.requireNode())), ...remote];
}

/** How a workload looks in a list to choose from. */
export const describeWorkload = ({ name, type, program, triggerSubjects }: WorkloadEntry) => ({
  label: `$(${workloadIcon(type)}) ${program === undefined ? name : basename(program)}`,
  description: triggerSubjects.join(', '),
});
