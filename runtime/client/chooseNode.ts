import type { Artifact } from '../artifact/artifact.ts';
import type { PingResponse } from '../protocol/controlApi.ts';
import { platformText, runsOn } from '../protocol/executablePlatform.ts';
import { NexError } from '../protocol/nexError.ts';
import type { ControlClient } from './controlClient.ts';

/**
 * The node that an artifact is deployed to: of those that bid for its type and platform the first that is preferred.
 * Throws `no-node`, or `wrong-platform` where there are nodes but none of them runs it.
 */
export async function chooseNode(
  control: ControlClient,
  { type, platform, record }: Pick<Artifact, 'type' | 'platform' | 'record'>,
  preferred: string[],
): Promise<PingResponse> {
  const request = { workload_types: [type] };
  try {
    return await control.auction({ ...request, ...platform }, { preferred });
  } catch (error) {
    if (platform === undefined || !isNoNode(error)) throw error;
    const bid = await control.auction(request, { preferred });
    const machine = { os: bid.tags?.['nex.os'] ?? '', arch: bid.tags?.['nex.arch'] ?? '' };
    if (runsOn(platform, machine)) return bid;
    const text = `${record.program} is an executable for ${platformText(platform)}; node ${bid.node_id} runs on ${platformText(machine)}.`;
    throw new NexError('wrong-platform', text, {
      remedy: `Build it for that, with Go: GOOS=${machine.os} GOARCH=${machine.arch} go build.`,
      cause: error,
    });
  }
}

const isNoNode = (error: unknown) => error instanceof NexError && error.code === 'no-node';
