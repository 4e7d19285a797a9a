import type { Artifact } from '../artifact/artifact.ts';
import type { PingResponse } from '../protocol/controlApi.ts';
import { platformText, runsOn } from '../protocol/executablePlatform.ts';
import { NexError } from '../protocol/nexError.ts';
import { isFunctionType, type WorkloadType } from '../protocol/workloadTypes.ts';
import type { ControlClient } from './controlClient.ts';

/**
 * The node that an artifact is deployed to: of those that bid for its type and platform the first that is preferred.
 * Throws `no-node`, or, where there are nodes but none of them runs it, `type-not-run` or `wrong-platform`.
 */
export async function chooseNode(
  control: ControlClient,
  artifact: Pick<Artifact, 'type' | 'platform' | 'record'>,
  preferred: string[],
): Promise<PingResponse> {
  const { type, platform } = artifact;
  const request = { workload_types: [type] };
  const bid = await control.bid({ ...request, ...platform }, { preferred });
  if (bid !== undefined) return bid;
  const other = await control.auction({}, { preferred });
  await requireFit(control, artifact, other);
  // It was too slow for the first auction.
  return other;
}

/** The node of this id, and no other. Throws `node-not-found`, or `type-not-run` or `wrong-platform` as `chooseNode` does. */
export async function requireNode(
  control: ControlClient,
  artifact: Pick<Artifact, 'type' | 'platform' | 'record'>,
  nodeId: string,
): Promise<PingResponse> {
  const node = await control.ping(nodeId);
  await requireFit(control, artifact, node);
  return node;
}

async function requireFit(
  control: ControlClient,
  { type, platform, record }: Pick<Artifact, 'type' | 'platform' | 'record'>,
  node: PingResponse,
): Promise<void> {
  const { supported_workload_types: types = [type] } = await control.info('default', node.node_id);
  if (!types.includes(type)) throw typeNotRun(type, node);
  const machine = { os: node.tags?.['nex.os'] ?? '', arch: node.tags?.['nex.arch'] ?? '' };
  if (platform === undefined || runsOn(platform, machine)) return;
  const text = `${record.program} is an executable for ${platformText(platform)}; node ${node.node_id} runs on ${platformText(machine)}.`;
  throw new NexError('wrong-platform', text, {
    remedy: `Build it for that, with Go: GOOS=${machine.os} GOARCH=${machine.arch} go build.`,
  });
}

/** Services are programs with all rights of who started the node: on a joined NATS they are off. */
const typeNotRun = (type: WorkloadType, { node_id: node }: PingResponse) =>
  isFunctionType(type)
    ? new NexError('type-not-run', `Node ${node} does not run ${type} functions.`, {
        remedy: 'See what it runs: nexdev node info.',
      })
    : new NexError('type-not-run', `Node ${node} runs no services: it joined a NATS.`, {
        remedy:
          'Start the node again with --allow-native to allow them: nexdev up --server URL --allow-native.',
      });
