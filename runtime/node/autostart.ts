import { createDeployRequest } from '../client/deployRequest.ts';
import type { Keys } from '../client/keys.ts';
import { parseLocation } from '../client/runWorkload.ts';
import { placeholderHash, type DeployRequest } from '../protocol/controlApi.ts';
import { errorText } from '../protocol/nexError.ts';
import { deploy, type DeployContext } from './deployRequests.ts';
import type { AutostartWorkload } from './nodeConfig.ts';

/**
 * Deploys what a node configuration names, one after the other, as its user would; a real node signs with a key of the
 * moment, so that nobody can stop them. Answers with what could not be started, and why: the rest runs.
 */
export async function autostart(
  context: DeployContext,
  keys: Keys,
  workloads: readonly AutostartWorkload[],
): Promise<string[]> {
  const failures: string[] = [];
  for (const workload of workloads) {
    try {
      const request = createRequest(context, keys, workload);
      await deploy(context, workload.namespace, JSON.stringify(request));
    } catch (error) {
      failures.push(`Workload ${workload.name} was not started: ${errorText(error)}.`);
    }
  }
  return failures;
}

function createRequest(
  { identity }: DeployContext,
  keys: Keys,
  { jsdomain, location, environment, ...workload }: AutostartWorkload,
): DeployRequest {
  const { description = '', trigger_subjects = [], argv = [], essential = false } = workload;
  const request = createDeployRequest({
    ...{ keys, name: workload.name, type: workload.type, description, argv, essential },
    nodeId: identity.id,
    nodeXkey: identity.publicXkey,
    location: parseLocation(location),
    hash: placeholderHash,
    triggerSubjects: trigger_subjects,
    env: environment,
  });
  return { ...request, jsdomain };
}
