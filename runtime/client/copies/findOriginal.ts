import type { NatsConnection } from '@nats-io/transport-node';
import { devrunTag, type PingResponse } from '../../protocol/controlApi.ts';
import type { WorkloadDetail } from '../../protocol/devApi.ts';
import { NexError } from '../../protocol/nexError.ts';
import { isFunctionType, type WorkloadType } from '../../protocol/workloadTypes.ts';
import { ControlClient } from '../controlClient.ts';
import { DevClient } from '../devClient.ts';
import type { Keys } from '../keys.ts';

/** Which workload is to be copied: by id, or by name in its namespace; on one node where that is named. */
export interface OriginalReference {
  workload: string;
  namespace: string;
  node?: string | undefined;
}

/** A function that runs on some node. */
export interface Original {
  nodeId: string;
  id: string;
  name: string;
  namespace: string;
  type: Exclude<WorkloadType, 'native'>;
  /** Lower-case hex SHA-256 of its artifact. */
  hash: string;
  /** What only a Nex Devrun node tells, and to its own user. */
  detail: WorkloadDetail | undefined;
}

/** Asks the nodes of a NATS. Throws `no-such-workload`, or `copy-of-service` for what is no function. */
export async function findOriginal(
  connection: NatsConnection,
  { issuer }: Pick<Keys, 'issuer'>,
  reference: OriginalReference,
): Promise<Original> {
  const { workload: wanted, namespace, node } = reference;
  const control = new ControlClient(connection);
  const nodes = node === undefined ? await control.pingAll() : [await control.ping(node)];
  for (const candidate of nodes) {
    const { machines } = await control.info(namespace, candidate.node_id);
    const found =
      machines.find(({ id }) => id === wanted) ??
      machines.findLast(({ workload }) => workload.name === wanted);
    if (found === undefined) continue;
    const { id } = found;
    const { name, type, hash } = found.workload;
    if (!isFunction(type)) throw notCopied(name, type);
    const detail = await readDetail(
      new DevClient(connection, issuer, candidate.node_id),
      candidate,
      id,
    );
    return { nodeId: candidate.node_id, id, name, namespace, type, hash, detail };
  }
  throw nothingFound(connection, reference);
}

const isFunction = (type: string): type is Original['type'] => isFunctionType(type);

/** A node of somebody else's does not say more than Nex does. */
async function readDetail(
  dev: DevClient,
  { tags }: PingResponse,
  id: string,
): Promise<WorkloadDetail | undefined> {
  if (tags?.[devrunTag] === undefined) return undefined;
  try {
    return (await dev.workloads()).find((workload) => workload.id === id);
  } catch (error) {
    if (error instanceof NexError) return undefined;
    throw error;
  }
}

const notCopied = (name: string, type: string) =>
  new NexError(
    'copy-of-service',
    `${name} is no function but of type ${type}: it subscribes and answers by itself, so that a copy would answer too.`,
    { remedy: 'Debug a service where it runs, with the debugger of its own language.' },
  );

const nothingFound = (connection: NatsConnection, { workload, namespace }: OriginalReference) =>
  new NexError(
    'no-such-workload',
    `No workload ${workload} runs in namespace ${namespace} at ${connection.getServer()}.`,
    { remedy: 'See what runs there with `nexdev node ls` and `nexdev node info`.' },
  );
