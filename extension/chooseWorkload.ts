import { basename } from 'node:path';
import * as vscode from 'vscode';
import { NexError } from '../runtime/protocol/nexError.ts';
import { readLinkedWorkloads, type WorkloadEntry } from './node/nodeEntries.ts';
import type { Services } from './services.ts';
import type { NodesItem } from './views/nodesView.ts';

/** The workload of a view's item, else one that the person chooses. Undefined where they cancel. */
export async function chooseWorkload(
  { link }: Services,
  item: unknown,
  placeHolder: string,
): Promise<WorkloadEntry | undefined> {
  if (isNodesItem(item) && item.kind === 'workload') return item.workload;
  const workloads = await readLinkedWorkloads(link, link.requireNode());
  if (workloads.length === 0) {
    throw new NexError('no-workload', 'No workload runs.', {
      remedy: 'Run a file as a Nex function first.',
    });
  }
  const picks = workloads.map((workload) => ({ ...describeWorkload(workload), workload }));
  return (await vscode.window.showQuickPick(picks, { placeHolder }))?.workload;
}

/** How a workload looks in a list to choose from. */
export const describeWorkload = ({ name, program, triggerSubjects }: WorkloadEntry) => ({
  label: `$(symbol-event) ${program === undefined ? name : basename(program)}`,
  description: triggerSubjects.join(', '),
});

/** Items of a view come through VS Code untyped. */
const isNodesItem = (item: unknown): item is NodesItem =>
  typeof item === 'object' && item !== null && ('workload' in item || 'node' in item);
