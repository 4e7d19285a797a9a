import { basename } from 'node:path';
import * as vscode from 'vscode';
import { NexError } from '../runtime/protocol/nexError.ts';
import { readLinkedWorkloads, type WorkloadEntry } from './node/nodeEntries.ts';
import type { Services } from './services.ts';
import { isNodesItem } from './views/nodesView.ts';
import { workloadIcon } from './workloadIcon.ts';

/**
 * The workload of a view's item, else one that the person chooses. Undefined where they cancel.
 *
 * @param isMeant which workloads are offered
 */
export async function chooseWorkload(
  { link }: Services,
  item: unknown,
  placeHolder: string,
  isMeant: (workload: WorkloadEntry) => boolean = () => true,
): Promise<WorkloadEntry | undefined> {
  if (isNodesItem(item) && item.kind === 'workload') return item.workload;
  const workloads = (await readLinkedWorkloads(link, link.requireNode())).filter(isMeant);
  if (workloads.length === 0) {
    throw new NexError('no-workload', 'No such workload runs.', {
      remedy: 'Run a file as a Nex function first.',
    });
  }
  const picks = workloads.map((workload) => ({ ...describeWorkload(workload), workload }));
  return (await vscode.window.showQuickPick(picks, { placeHolder }))?.workload;
}

/** How a workload looks in a list to choose from. */
export const describeWorkload = ({ name, type, program, triggerSubjects }: WorkloadEntry) => ({
  label: `$(${workloadIcon(type)}) ${program === undefined ? name : basename(program)}`,
  description: triggerSubjects.join(', '),
});
