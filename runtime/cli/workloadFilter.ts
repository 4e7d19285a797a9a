import type { Command } from 'commander';

/** What of all nodes is shown; the names of the flags are those of `nex logs`. */
export interface WorkloadFilter {
  namespace?: string;
  node?: string;
  workload_name?: string;
  workload_id?: string;
}

export const addFilterOptions = (command: Command): Command =>
  command
    .option('--namespace <name>', 'only this namespace', process.env['NEX_NAMESPACE'])
    .option('--node <id>', 'only this node')
    .option('--workload_name <name>', 'only workloads of this name')
    .option('--workload_id <id>', 'only this workload');

interface Subject {
  namespace: string;
  nodeId: string;
  workloadId: string | undefined;
}

/** `nameOf` is only asked where it matters: it may have to ask the node. */
export async function passesFilter(
  { namespace, node, workload_id, workload_name }: WorkloadFilter,
  subject: Subject,
  nameOf: () => string | undefined | Promise<string>,
): Promise<boolean> {
  return (
    (namespace ?? subject.namespace) === subject.namespace &&
    (node ?? subject.nodeId) === subject.nodeId &&
    (workload_id ?? subject.workloadId) === subject.workloadId &&
    (workload_name === undefined || workload_name === (await nameOf()))
  );
}
