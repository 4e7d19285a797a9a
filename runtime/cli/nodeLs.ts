import type { NatsConnection } from '@nats-io/transport-node';
import type { Command } from 'commander';
import { ControlClient } from '../client/controlClient.ts';
import { ControlClientV04, livingNexlets } from '../client/controlClientV04.ts';
import { formatUptime } from '../node/durations.ts';
import { lameDuckTag, type PingResponse } from '../protocol/controlApi.ts';
import type { NodePingV04 } from '../protocol/controlApiV04.ts';
import { print, printJson, printNotice } from './output.ts';
import { durationOption } from './parseArguments.ts';
import { formatTable } from './table.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';

interface NodeLsOptions extends VerbOptions {
  timeout: number;
  full?: true;
}

/** What both generations of Nex say of a node. */
interface NodeRow {
  id: string;
  tags: Record<string, string>;
  name: string;
  nexus: string;
  version: string;
  workloads: number;
  uptime: string;
}

export function createNodeLsCommand(): Command {
  return createVerb(
    'ls',
    'List the nodes that answer, of Nex 0.3 and of 0.4',
    'nexdev node ls --json',
  )
    .option('--full', 'show nexus, sandbox, operating system and architecture too')
    .addOption(durationOption('how long to wait for answers', 750))
    .action(listNodes);
}

async function listNodes(options: NodeLsOptions): Promise<void> {
  await withConnection(options, async (connection) => {
    const [nodes, newer] = await Promise.all([
      new ControlClient(connection, { onStrange: printNotice }).pingAll(options.timeout),
      new ControlClientV04(connection, printNotice).pingAll(options.timeout),
    ]);
    if (options.json) {
      printJson([...nodes, ...newer]);
      return;
    }
    const rows = await Promise.all(newer.map((node) => newerRow(connection, node)));
    const all = [...nodes.map(toRow), ...rows];
    if (all.length === 0) print('No nodes discovered');
    else print(formatNodes(all, options.full === true));
  });
}

const toRow = ({ node_id: id, tags = {}, nexus = '', ...node }: PingResponse): NodeRow => ({
  id,
  tags,
  name: tags['node_name'] ?? '',
  nexus,
  version: node.version,
  workloads: node.running_machines,
  uptime: node.uptime,
});

/** How many workloads run there only its nexlets know. */
async function newerRow(connection: NatsConnection, node: NodePingV04): Promise<NodeRow> {
  // Somebody may say that there is a node which nobody is.
  const info = await new ControlClientV04(connection).info(node.node_id).catch(() => undefined);
  const nexlets = info === undefined ? [] : livingNexlets(info);
  const tags = node.tags ?? {};
  return {
    id: node.node_id,
    tags,
    name: tags['nex.node'] ?? '',
    nexus: tags['nex.nexus'] ?? '',
    version: node.version,
    workloads: nexlets.reduce((sum, { agent_summary: nexlet }) => sum + nexlet.workload_count, 0),
    uptime: formatUptime(Math.max(0, Date.now() - Date.parse(node.start_time))),
  };
}

function formatNodes(nodes: NodeRow[], isFull: boolean): string {
  const head = ['ID (* = Lameduck Mode)', 'Name', 'Version', '#Workloads', 'Uptime'];
  const fullHead = ['Nexus', ...head, 'Sandboxed', 'OS', 'Arch'];
  const rows = nodes.map(({ id, tags, name, nexus, version, workloads, uptime }) => {
    const mark = tags[lameDuckTag] === 'true' ? '*' : '';
    const row = [`${id}${mark}`, name, version, workloads, uptime];
    // Only nodes of 0.3 can have a sandbox, and they tag the lack of it.
    const sandboxed = 'nex.node' in tags ? '' : String(tags['nex.unsafe'] !== 'true');
    return isFull ? [nexus, ...row, sandboxed, tags['nex.os'] ?? '', tags['nex.arch'] ?? ''] : row;
  });
  return formatTable(isFull ? fullHead : head, rows);
}
