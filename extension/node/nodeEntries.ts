import type { DevClient } from '../../runtime/client/devClient.ts';
import { devrunTag, type PingResponse } from '../../runtime/protocol/controlApi.ts';
import type { DebuggerAddress } from '../../runtime/protocol/serviceDebugger.ts';
import type { LinkedNode, NodeLink } from './nodeLink.ts';

/** A workload as views and commands see it; a real Nex node tells less of it. */
export interface WorkloadEntry {
  readonly nodeId: string;
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  /** Empty where the node does not tell. */
  readonly triggerSubjects: readonly string[];
  readonly program?: string | undefined;
  readonly hash: string;
  readonly state: 'running' | 'starting' | 'failed';
  readonly paused: boolean;
  readonly waiting: number;
  readonly invocations?: number;
  readonly failures?: number;
  readonly restarts?: number;
  /** Of a service that runs under its own debugger. */
  readonly debugger?: DebuggerAddress | undefined;
}

export interface NodeEntry {
  readonly nodeId: string;
  readonly name: string;
  /** Version of Nex, or ours. */
  readonly version: string;
  readonly uptime: string;
  /** The node that this window holds. */
  readonly isOurs: boolean;
  readonly workloads: readonly WorkloadEntry[];
}

/** Workloads of nodes that are not ours are known in this namespace only: INFO answers for one at a time. */
const namespace = 'default';

/** Time for the nodes of a cluster to answer, in ms. */
const collectMs = 400;

/** Every node on the linked NATS server with its workloads, ours first. */
export async function readNodes(link: NodeLink, linked: LinkedNode): Promise<NodeEntry[]> {
  const answers = await linked.control.pingAll(collectMs);
  const entries = await Promise.all(
    answers.map(async (answer): Promise<NodeEntry> => ({
      nodeId: answer.node_id,
      name: answer.tags?.['node_name'] ?? answer.node_id.slice(0, 10),
      version: answer.version,
      uptime: answer.uptime,
      isOurs: answer.node_id === linked.nodeId,
      workloads: await readWorkloads(link.dev(linked, answer.node_id), linked, answer),
    })),
  );
  return entries.sort(
    (a, b) => Number(b.isOurs) - Number(a.isOurs) || a.name.localeCompare(b.name),
  );
}

/** Workloads of the linked node. */
export async function readLinkedWorkloads(
  link: NodeLink,
  linked: LinkedNode,
): Promise<WorkloadEntry[]> {
  return readWorkloads(link.dev(linked), linked, await linked.control.ping(linked.nodeId));
}

async function readWorkloads(
  dev: DevClient,
  { control }: LinkedNode,
  { node_id: nodeId, tags }: PingResponse,
): Promise<WorkloadEntry[]> {
  if (tags?.[devrunTag] !== undefined) {
    const details = await dev.workloads();
    return details.map((detail) => ({ ...detail, nodeId })).sort(byName);
  }
  const { machines } = await control.info(namespace, nodeId);
  return machines
    .map(({ id, healthy, workload }): WorkloadEntry => ({
      nodeId,
      id,
      name: workload.name,
      namespace,
      type: workload.type,
      triggerSubjects: [],
      hash: workload.hash,
      state: healthy ? 'running' : 'failed',
      paused: false,
      waiting: 0,
    }))
    .sort(byName);
}

const byName = (a: WorkloadEntry, b: WorkloadEntry) => a.name.localeCompare(b.name);
