import type { Command } from 'commander';
import Table from 'cli-table3';
import { ControlClient } from '../client/controlClient.ts';
import type { PingResponse } from '../protocol/controlApi.ts';
import { print, printJson } from './output.ts';
import { durationOption } from './parseArguments.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';

interface NodeLsOptions extends VerbOptions {
  timeout: number;
}

export function createNodeLsCommand(): Command {
  return createVerb('ls', 'List the nodes that answer', 'nexdev node ls --json')
    .addOption(durationOption('how long to wait for answers', 750))
    .action(listNodes);
}

async function listNodes(options: NodeLsOptions): Promise<void> {
  const nodes = await withConnection(options, (connection) =>
    new ControlClient(connection).pingAll(options.timeout),
  );
  if (options.json) printJson(nodes);
  else if (nodes.length === 0) print('No nodes discovered');
  else print(formatNodes(nodes));
}

function formatNodes(nodes: PingResponse[]): string {
  const table = new Table({
    head: ['ID (* = Lameduck Mode)', 'Name', 'Version', 'Workloads', 'Uptime'],
    colAligns: ['left', 'left', 'left', 'right', 'left'],
    style: { head: [], border: [] },
  });
  for (const { node_id, tags, version, running_machines, uptime } of nodes) {
    const mark = tags?.['nex.lameduck'] === 'true' ? '*' : '';
    table.push([`${node_id}${mark}`, tags?.['node_name'] ?? '', version, running_machines, uptime]);
  }
  return table.toString();
}
