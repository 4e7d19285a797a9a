import type { NatsConnection } from '@nats-io/transport-node';
import { ControlClient } from '../client/controlClient.ts';
import { devrunTag, type MachineSummary, type PingResponse } from '../protocol/controlApi.ts';
import { NexError } from '../protocol/nexError.ts';

export interface FoundWorkload {
  nodeId: string;
  namespace: string;
  machine: MachineSummary;
}

/** Every workload of a namespace, over all nodes; with `devrunOnly`, over those that have a dev API. */
export async function listWorkloads(
  connection: NatsConnection,
  namespace: string,
  { devrunOnly = false } = {},
): Promise<FoundWorkload[]> {
  const control = new ControlClient(connection);
  const nodes = (await control.pingAll()).filter((node) => !devrunOnly || hasDevApi(node));
  const found = await Promise.all(
    nodes.map(async ({ node_id: nodeId }) => {
      const { machines } = await control.info(namespace, nodeId);
      return machines.map((machine) => ({ nodeId, namespace, machine }));
    }),
  );
  return found.flat();
}

/** Nodes of Nex Devrun say so in a tag. */
export const hasDevApi = ({ tags }: PingResponse): boolean => tags?.[devrunTag] !== undefined;

/** The one of `workloads` with this id, or this name. Throws `no-such-workload` or `ambiguous-workload`. */
export function chooseWorkload(workloads: FoundWorkload[], reference: string): FoundWorkload {
  const byId = workloads.find(({ machine }) => machine.id === reference);
  if (byId !== undefined) return byId;
  const name = reference.toLowerCase();
  const byName = workloads.filter(({ machine }) => machine.workload.name.toLowerCase() === name);
  const [first, second] = byName;
  if (first !== undefined && second === undefined) return first;
  if (first === undefined) throw notFound(workloads, reference);
  throw new NexError('ambiguous-workload', `${byName.length} workloads are named ${reference}.`, {
    remedy: `Give the id: ${byName.map(({ machine }) => machine.id).join(' or ')}.`,
  });
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
