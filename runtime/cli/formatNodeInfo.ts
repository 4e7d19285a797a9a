import { livingNexlets } from '../client/controlClientV04.ts';
import type { InfoResponse } from '../protocol/controlApi.ts';
import type { NodeInfoV04, WorkloadV04 } from '../protocol/controlApiV04.ts';
import { formatTable } from './table.ts';

/** A node of Nex 0.3, in the words of its `nex node info`. */
export function formatNodeInfo(id: string, info: InfoResponse): string {
  const parts = [
    'NEX Node Information',
    formatFields([
      ['Node', id],
      ['Xkey', info.public_xkey],
      ['Version', info.version],
      ['Uptime', info.uptime],
      ['Available Agents', String(info.available_agents)],
      ['Tags', formatTags(info.tags)],
    ]),
  ];
  if (info.memory !== undefined) {
    const { free, available, total } = info.memory;
    const fields = { Free: free, Available: available, Total: total };
    const rows = Object.entries(fields).map(([name, kB]): [string, string] => [
      name,
      kB.toLocaleString('en'),
    ]);
    parts.push('Memory in kB:', formatFields(rows));
  }
  if (info.machines.length > 0) {
    const rows = info.machines.map(({ id: workloadId, healthy, uptime, workload }) => [
      healthy ? '🟢' : '🔴',
      ...[workloadId, workload.type, workload.name, uptime, workload.runtime],
    ]);
    parts.push(formatTable(['', 'ID', 'TYPE', 'NAME', 'UPTIME', 'RUNTIME'], rows));
  }
  return parts.join('\n\n');
}

/** A node of Nex 0.4, its nexlets, and what they run in one namespace. */
export function formatNodeInfoV04(info: NodeInfoV04, workloads: WorkloadV04[]): string {
  const parts = [
    'NEX Node Information',
    formatFields([
      ['Node', info.node_id],
      ['Xkey', info.xkey],
      ['Version', info.version],
      ['Uptime', info.uptime],
      ['Tags', formatTags(info.tags)],
    ]),
  ];
  const nexlets = livingNexlets(info).map(({ agent_summary: nexlet, ...agent }) => [
    agent.agent_health_stoplight ?? agent.agent_health,
    ...[agent.agent_id, nexlet.type, nexlet.name, nexlet.state],
    ...[nexlet.supported_lifecycles, nexlet.workload_count],
  ]);
  if (nexlets.length > 0) {
    const head = ['', 'NEXLET', 'TYPE', 'NAME', 'STATE', 'LIFECYCLES', '#WORKLOADS'];
    parts.push(formatTable(head, nexlets));
  }
  if (workloads.length > 0) {
    const rows = workloads.map((workload) => [
      ...[workload.id, workload.workload_type, workload.name, workload.workload_lifecycle],
      ...[workload.workload_state, workload.start_time, workload.runtime],
    ]);
    const head = ['ID', 'TYPE', 'NAME', 'LIFECYCLE', 'STATE', 'STARTED', 'RUNTIME'];
    parts.push(formatTable(head, rows));
  }
  return parts.join('\n\n');
}

const formatTags = (tags: Record<string, string> | null | undefined) =>
  Object.entries(tags ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

const formatFields = (fields: [name: string, value: string][]) =>
  fields.map(([name, value]) => `${name.padStart(18)}: ${value}`).join('\n');
