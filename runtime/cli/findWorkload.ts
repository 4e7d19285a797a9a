import type { NatsConnection } from '@nats-io/transport-node';
import { ControlClient } from '../client/controlClient.ts';
import { listNodeFiles } from '../client/nodeFiles.ts';
import { onNode } from '../client/onNode.ts';
import { devrunTag, type MachineSummary, type PingResponse } from '../protocol/controlApi.ts';
import { NexError } from '../protocol/nexError.ts';

export interface FoundWorkload {
  nodeId: string;
  namespace: string;
  machine: MachineSummary;
}

/**
 * The workload of this id or name. This machine's own nodes are asked first, since they answer at once, while nobody
 * can know when all others have. Throws `no-such-workload` or `ambiguous-workload`, and what `onNode` throws where the
 * node is named.
 */
export async function findWorkload(
  connection: NatsConnection,
  reference: string,
  { namespace, nodeId, devrunOnly = false }: SearchOptions,
): Promise<FoundWorkload> {
  if (nodeId !== undefined) {
    return chooseWorkload(await listWorkloads(connection, namespace, [nodeId]), reference);
  }
  const local = await findLocalNodes(connection);
  const nearby = await listWorkloads(connection, namespace, local);
  if (matches(nearby, reference).length > 0) return chooseWorkload(nearby, reference);
  const nodes = (await new ControlClient(connection).pingAll()).filter(
    (node) => !devrunOnly || hasDevApi(node),
  );
  const lists = await Promise.allSettled(
    nodes.map(({ node_id }) => listWorkloads(connection, namespace, [node_id])),
  );
  // Somebody may say that there is a node which nobody is.
  const found = lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
  return chooseWorkload(found, reference);
}

export interface SearchOptions {
  namespace: string;
  /** Only on this node. */
  nodeId?: string | undefined;
  /** Only on nodes that have a dev API. */
  devrunOnly?: boolean;
}

/** Ids of this machine's nodes that are on the NATS of `connection`. */
export async function findLocalNodes(connection: NatsConnection): Promise<string[]> {
  const control = new ControlClient(connection);
  const files = await listNodeFiles();
  const answers = await Promise.allSettled(files.map(({ nodeId }) => control.ping(nodeId)));
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.node_id : []));
}

async function listWorkloads(
  connection: NatsConnection,
  namespace: string,
  nodeIds: string[],
): Promise<FoundWorkload[]> {
  const found = await Promise.all(
    nodeIds.map(async (nodeId) => {
      const { machines } = await onNode(connection, nodeId, (control) =>
        control.info(namespace, nodeId),
      );
      return machines.map((machine) => ({ nodeId, namespace, machine }));
    }),
  );
  return found.flat();
}

/** Nodes of Nex Devrun say so in a tag. */
export const hasDevApi = ({ tags }: PingResponse): boolean => tags?.[devrunTag] !== undefined;

function chooseWorkload(workloads: FoundWorkload[], reference: string): FoundWorkload {
  const [first, ...others] = matches(workloads, reference);
  if (first === undefined) throw notFound(workloads, reference);
  if (others.length === 0) return first;
  const ids = [first, ...others].map(({ machine }) => machine.id);
  throw new NexError('ambiguous-workload', `${ids.length} workloads are named ${reference}.`, {
    remedy: `Give the id: ${ids.join(' or ')}.`,
  });
}

/** The one with this id, else all of this name. */
function matches(workloads: FoundWorkload[], reference: string): FoundWorkload[] {
  const byId = workloads.filter(({ machine }) => machine.id === reference);
  if (byId.length > 0) return byId;
  const name = reference.toLowerCase();
  return workloads.filter(({ machine }) => machine.workload.name.toLowerCase() === name);
}

function notFound(workloads: FoundWorkload[], reference: string): NexError {
  const names = workloads.map(({ machine }) => machine.workload.name);
  return new NexError('no-such-workload', `No workload ${reference} runs.`, {
    remedy:
      names.length === 0
        ? 'Nothing runs in this namespace. Deploy something with `nexdev devrun`.'
        : `These do: ${names.join(', ')}.`,
  });
}
