import { ControlClientV04, livingNexlets } from '../../runtime/client/controlClientV04.ts';
import { lameDuckTag } from '../../runtime/protocol/controlApi.ts';
import type { NexletV04, NodeInfoV04, WorkloadV04 } from '../../runtime/protocol/controlApiV04.ts';
import type { ConnectedNats, Connection } from '../connections/connection.ts';
import {
  usualNamespaces,
  type NexletEntry,
  type NodeEntry,
  type WorkloadEntry,
} from './nodeEntries.ts';

/** Time for the nodes of a cluster to answer, in ms. */
const collectMs = 400;

/** Every node of Nex 0.4 that answers, with its nexlets and workloads. */
export async function readNodesV04(
  { id: connectionId }: Connection,
  { connection }: ConnectedNats,
  namespaces = usualNamespaces,
): Promise<NodeEntry[]> {
  const control = new ControlClientV04(connection);
  const answers = await control.pingAll(collectMs);
  // Somebody may say that there is a node which nobody is.
  const infos = await Promise.all(
    answers.map(({ node_id: nodeId }) => control.info(nodeId).catch(() => undefined)),
  );
  const nodes = infos.filter((info) => info !== undefined);
  return Promise.all(
    nodes.map(async (info) => {
      const lists = await Promise.all(
        [...namespaces].map(async (namespace) => {
          const workloads = await control.workloads(namespace, info);
          const place = { connectionId, nodeId: info.node_id, namespace };
          return workloads.map((workload) => toWorkload(workload, place));
        }),
      );
      return { ...toNode(info), connectionId, workloads: lists.flat() };
    }),
  );
}

function toNode(info: NodeInfoV04): Omit<NodeEntry, 'connectionId' | 'workloads'> {
  const { node_id: nodeId, version } = info;
  const uptime = info.uptime.replace(/\.\d+s$/, 's');
  const tags = info.tags ?? {};
  return {
    ...{ nodeId, version, uptime, tags, generation: '0.4', isOurs: false },
    name: tags['nex.node'] ?? nodeId.slice(0, 10),
    isLameDuck: tags[lameDuckTag] === 'true',
    nexlets: livingNexlets(info).map(toNexlet),
  };
}

const toNexlet = ({
  agent_id: id,
  agent_health: health,
  agent_summary,
}: NexletV04): NexletEntry => ({
  ...{ id, health },
  name: agent_summary.name,
  type: agent_summary.type,
});

const toWorkload = (
  { id, name, workload_type: type, workload_state: state, runtime: uptime }: WorkloadV04,
  place: Pick<WorkloadEntry, 'connectionId' | 'nodeId' | 'namespace'>,
): WorkloadEntry => ({
  ...place,
  ...{ id, name, type, state, uptime, generation: '0.4' },
  ...{ triggerSubjects: [], hash: '', paused: false, waiting: 0 },
});
