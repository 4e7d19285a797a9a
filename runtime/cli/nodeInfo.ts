import type { NatsConnection } from '@nats-io/transport-node';
import type { Command } from 'commander';
import Table from 'cli-table3';
import { ControlClient } from '../client/controlClient.ts';
import type { InfoResponse, MachineSummary } from '../protocol/controlApi.ts';
import { NexError } from '../protocol/nexError.ts';
import { findLocalNodes } from './findWorkload.ts';
import { namespaceOption } from './namespaceOption.ts';
import { print, printJson } from './output.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';

interface NodeInfoOptions extends VerbOptions {
  namespace: string;
}

export function createNodeInfoCommand(): Command {
  return createVerb('info', 'Show a node and its workloads', 'nexdev node info')
    .argument('[node]', 'id of the node (default: this machine’s own, or the only one)')
    .addOption(namespaceOption())
    .action(showNode);
}

async function showNode(reference: string | undefined, options: NodeInfoOptions): Promise<void> {
  await withConnection(options, async (connection) => {
    const id = reference ?? (await findDefaultNode(connection));
    const info = await new ControlClient(connection).info(options.namespace, id);
    if (options.json) printJson(info);
    else print(formatInfo(id, info));
  });
}

async function findDefaultNode(connection: NatsConnection): Promise<string> {
  const local = await findLocalNodes(connection);
  const ids =
    local.length > 0
      ? local
      : (await new ControlClient(connection).pingAll()).map(({ node_id }) => node_id);
  const [first, second] = ids;
  if (first === undefined) {
    throw new NexError('no-node', `No Nex node answers at ${connection.getServer()}.`, {
      remedy: 'Start one with `nexdev up`.',
    });
  }
  if (second === undefined) return first;
  throw new NexError('ambiguous-node', `${ids.length} nodes answer.`, {
    remedy: `Give the id: ${ids.join(' or ')}.`,
  });
}

function formatInfo(id: string, info: InfoResponse): string {
  const tags = Object.entries(info.tags ?? {}).map(([name, value]) => `${name}=${value}`);
  const head = formatFields([
    ['Node', id],
    ['Xkey', info.public_xkey],
    ['Version', info.version],
    ['Uptime', info.uptime],
    ['Available Agents', String(info.available_agents)],
    ['Tags', tags.join(', ')],
  ]);
  const parts = ['NEX Node Information', head];
  if (info.memory !== undefined) {
    const { free, available, total } = info.memory;
    const fields = { Free: free, Available: available, Total: total };
    const rows = Object.entries(fields).map(([name, kB]): [string, string] => [
      name,
      kB.toLocaleString('en'),
    ]);
    parts.push('Memory in kB:', formatFields(rows));
  }
  if (info.machines.length > 0) parts.push(formatWorkloads(info.machines));
  return parts.join('\n\n');
}

const formatFields = (fields: [name: string, value: string][]) =>
  fields.map(([name, value]) => `${name.padStart(18)}: ${value}`).join('\n');

function formatWorkloads(machines: MachineSummary[]): string {
  const table = new Table({
    head: ['', 'ID', 'TYPE', 'NAME', 'UPTIME', 'RUNTIME'],
    style: { head: [], border: [] },
  });
  for (const { id, healthy, uptime, workload } of machines) {
    table.push([healthy ? '🟢' : '🔴', id, workload.type, workload.name, uptime, workload.runtime]);
  }
  return table.toString();
}
