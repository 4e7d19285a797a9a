import { verifyStopClaims } from '../protocol/claims.ts';
import type { StopResponse } from '../protocol/controlApi.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import type { WorkloadRegistry } from '../workloads/workloadRegistry.ts';
import { parseStopRequest } from './goRequests.ts';
import type { WorkloadLifecycle } from './workloadLifecycle.ts';

/** Handles STOP: Nex's checks in Nex's order with Nex's texts (`internal/node/controlapi.go` handleStop). */
export async function stop(
  registry: WorkloadRegistry,
  lifecycle: WorkloadLifecycle,
  namespace: string,
  body: string,
): Promise<StopResponse> {
  const request = parseRequest(body);
  const workload = registry.get(request.workload_id ?? '');
  if (workload === undefined) throw refused('No such workload');
  const { claims: deployed, id } = workload.definition;
  let issuer: string;
  try {
    issuer = verifyStopClaims(request.workload_jwt ?? '', deployed).iss;
  } catch (error) {
    throw refused(`Invalid stop request: ${errorText(error)}`, error);
  }
  if (workload.definition.namespace !== namespace) throw refused('No such workload');
  await lifecycle.stop(workload, 'Workload undeploy requested');
  return { id, issuer, stopped: true };
}

function parseRequest(body: string) {
  try {
    return parseStopRequest(body);
  } catch (error) {
    throw refused(`Unable to deserialize stop request: ${errorText(error)}`, error);
  }
}

const refused = (text: string, cause?: unknown) => new NexError('refused', text, { cause });
