import { Option, type Command } from 'commander';
import { ControlClient } from '../client/controlClient.ts';
import { ControlClientV04 } from '../client/controlClientV04.ts';
import type { WorkloadPingResponse } from '../protocol/controlApi.ts';
import type { NodePingV04, WorkloadV04 } from '../protocol/controlApiV04.ts';
import { namespaceOption } from './namespaceOption.ts';
import { print, printJson, printNotice } from './output.ts';
import { durationOption, parseToken } from './parseArguments.ts';
import { formatTable } from './table.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';

interface NodeProbeOptions extends VerbOptions {
  namespace: string;
  timeout: number;
  workload?: string;
}

export function createNodeProbeCommand(): Command {
  const workload = new Option('--workload <id or name>', 'only this workload');
  return createVerb(
    'probe',
    'List the workloads of all nodes, or find one',
    'nexdev node probe --workload echojs',
  )
    .addOption(workload.argParser(parseToken('A workload’s id or name')))
    .addOption(namespaceOption())
    .addOption(durationOption('how long to wait for answers', 750))
    .action(probe);
}

async function probe(options: NodeProbeOptions): Promise<void> {
  const { namespace, workload, timeout } = options;
  const [nodes, newer] = await withConnection(options, (connection) =>
    Promise.all([
      new ControlClient(connection, { onStrange: printNotice }).pingWorkloads(
        namespace,
        workload,
        timeout,
      ),
      probeNewer(new ControlClientV04(connection, printNotice), options),
    ]),
  );
  if (options.json) printJson([...nodes, ...newer]);
  else if (nodes.length + newer.length === 0) print('No workloads matched');
  else print(formatWorkloads(namespace, nodes, newer));
}

type NewerNode = NodePingV04 & { workloads: WorkloadV04[] };

/** The same of Nex 0.4, whose nodes have to be asked one by one. */
async function probeNewer(
  control: ControlClientV04,
  { namespace, workload, timeout }: NodeProbeOptions,
): Promise<NewerNode[]> {
  const isMeant = ({ id, name }: WorkloadV04) =>
    workload === undefined || id === workload || name.toLowerCase() === workload.toLowerCase();
  const nodes = (await control.pingAll(timeout)).map(async (node) => {
    // Somebody may say that there is a node which nobody is.
    const info = await control.info(node.node_id).catch(() => undefined);
    const workloads = info === undefined ? [] : await control.workloads(namespace, info);
    return { ...node, workloads: workloads.filter(isMeant) };
  });
  return (await Promise.all(nodes)).filter(({ workloads }) => workloads.length > 0);
}

function formatWorkloads(
  namespace: string,
  nodes: WorkloadPingResponse[],
  newer: NewerNode[],
): string {
  const rows = nodes.flatMap(({ node_id: node, tags, running_machines: workloads }) =>
    workloads.map(({ id, name, type, namespace: own }) => [
      ...[id, name, type, own],
      ...[tags?.['node_name'] ?? '', node],
    ]),
  );
  const newerRows = newer.flatMap(({ node_id: node, tags, workloads }) =>
    workloads.map(({ id, name, workload_type: type }) => [
      ...[id, name, type, namespace],
      ...[tags?.['nex.node'] ?? '', node],
    ]),
  );
  return formatTable(
    ['ID', 'Name', 'Type', 'Namespace', 'Node Name', 'Node'],
    [...rows, ...newerRows],
  );
}
