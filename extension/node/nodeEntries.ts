import { DevClient } from '../../runtime/client/devClient.ts';
import {
  devrunTag,
  lameDuckTag,
  type MachineSummary,
  type PingResponse,
} from '../../runtime/protocol/controlApi.ts';
import { explainNats } from '../../runtime/protocol/natsFailures.ts';
import { errorText } from '../../runtime/protocol/nexError.ts';
import type { DebuggerAddress } from '../../runtime/protocol/serviceDebugger.ts';
import type { ConnectedNats, Connection } from '../connections/connection.ts';
import type { LinkedNode } from './nodeLink.ts';

/** Of Nex: nodes of 0.4 are only looked at. */
export type Generation = '0.3' | '0.4';

/** A workload as views and commands see it; a real Nex node tells less of it. */
export interface WorkloadEntry {
  readonly connectionId: string;
  readonly generation: Generation;
  readonly nodeId: string;
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  /** Empty where the node does not tell. */
  readonly triggerSubjects: readonly string[];
  readonly program?: string | undefined;
  /** Empty where the node does not tell. */
  readonly hash: string;
  /** `running`, `starting`, `failed`, or a word of Nex 0.4. */
  readonly state: string;
  readonly paused: boolean;
  readonly waiting: number;
  /** As the node writes it. */
  readonly uptime?: string | undefined;
  readonly invocations?: number;
  readonly failures?: number;
  readonly restarts?: number;
  /** Its node has a dev API, and lets us use it. */
  readonly hasDevApi?: boolean;
  /** Of a service that runs under its own debugger. */
  readonly debugger?: DebuggerAddress | undefined;
}

/** What runs the workloads of one type on a node of Nex 0.4. */
export interface NexletEntry {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly health: string;
}

export interface NodeEntry {
  readonly connectionId: string;
  readonly nodeId: string;
  readonly name: string;
  readonly generation: Generation;
  /** Version of Nex, or ours. */
  readonly version: string;
  readonly uptime: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The node that this window holds. */
  readonly isOurs: boolean;
  readonly isLameDuck: boolean;
  readonly workloads: readonly WorkloadEntry[];
  /** Of Nex 0.4 only. */
  readonly nexlets: readonly NexletEntry[];
  /** Why its workloads are not known. */
  readonly fault?: string;
}

/** Time for the nodes of a cluster to answer, in ms. */
const collectMs = 400;

/** Whose workloads are asked for: nodes answer for one namespace at a time. */
type Namespaces = ReadonlySet<string>;
export const usualNamespaces: Namespaces = new Set(['default']);

/** Every node of Nex 0.3 that answers, with its workloads, the node of this window first. */
export async function readNodes(
  connection: Connection,
  nats: ConnectedNats,
  namespaces = usualNamespaces,
): Promise<NodeEntry[]> {
  const answers = await nats.control.pingAll(collectMs);
  const nodes = await Promise.all(
    answers.map(async (answer): Promise<NodeEntry> => {
      const { node_id: nodeId, tags = {}, version, uptime } = answer;
      return {
        ...{ connectionId: connection.id, nodeId, generation: '0.3', version, uptime, tags },
        name: tags['node_name'] ?? nodeId.slice(0, 10),
        isOurs: isHeld(nats, nodeId),
        isLameDuck: tags[lameDuckTag] === 'true',
        nexlets: [],
        ...(await tryReadWorkloads(connection.id, nats, answer, namespaces)),
      };
    }),
  );
  return nodes.sort((a, b) => Number(b.isOurs) - Number(a.isOurs) || byName(a, b));
}

/** Only the local connection holds a node. */
const isHeld = (nats: ConnectedNats & Partial<LinkedNode>, nodeId: string) =>
  nats.nodeId === nodeId;

/** Workloads of the node of this window. */
export async function readLinkedWorkloads(
  link: Connection,
  linked: LinkedNode,
): Promise<WorkloadEntry[]> {
  const answer = await linked.control.ping(linked.nodeId);
  return readWorkloads(link.id, linked, answer, usualNamespaces);
}

/** One node that does not answer is no reason to show none; without the one that is held there is nothing new. */
async function tryReadWorkloads(
  connectionId: string,
  nats: ConnectedNats,
  answer: PingResponse,
  namespaces: Namespaces,
): Promise<Pick<NodeEntry, 'workloads' | 'fault'>> {
  try {
    return { workloads: await readWorkloads(connectionId, nats, answer, namespaces) };
  } catch (error) {
    if (isHeld(nats, answer.node_id)) throw error;
    return { workloads: [], fault: errorText(explainNats(error)) };
  }
}

async function readWorkloads(
  connectionId: string,
  nats: ConnectedNats,
  answer: PingResponse,
  namespaces: Namespaces,
): Promise<WorkloadEntry[]> {
  const { node_id: nodeId } = answer;
  const details = await readDetails(nats, answer);
  if (details !== undefined) {
    return details
      .map((detail): WorkloadEntry => ({
        ...{ ...detail, connectionId, nodeId, generation: '0.3', hasDevApi: true },
      }))
      .sort(byName);
  }
  const lists = await Promise.all(
    [...namespaces].map(async (namespace) => {
      const { machines } = await nats.control.info(namespace, nodeId);
      return machines.map((machine) => toEntry(machine, { connectionId, nodeId, namespace }));
    }),
  );
  return lists.flat().sort(byName);
}

/** Undefined where the node has no dev API, or not for us: another's node answers its own issuers alone. */
async function readDetails(
  { connection, keys }: ConnectedNats,
  { node_id: nodeId, tags }: PingResponse,
) {
  if (tags?.[devrunTag] === undefined) return undefined;
  const dev = new DevClient(connection, keys.issuer, nodeId);
  return dev.workloads().catch(() => undefined);
}

const toEntry = (
  { id, healthy, uptime, workload }: MachineSummary,
  place: Pick<WorkloadEntry, 'connectionId' | 'nodeId' | 'namespace'>,
): WorkloadEntry => ({
  ...place,
  generation: '0.3',
  ...{ id, uptime, name: workload.name, type: workload.type, hash: workload.hash },
  triggerSubjects: [],
  state: healthy ? 'running' : 'failed',
  paused: false,
  waiting: 0,
});

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
