import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { verifyDeployClaims, type Claims } from '../protocol/claims.ts';
import type { DeployRequest, RunResponse } from '../protocol/controlApi.ts';
import { openEnvironment } from '../protocol/environmentSeal.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { findSubjectFault, overlap } from '../protocol/triggerSubject.ts';
import { isFunctionType, type WorkloadType } from '../protocol/workloadTypes.ts';
import type { Workload } from '../workloads/workload.ts';
import type { WorkloadDefinition } from '../workloads/workloadDefinition.ts';
import type { WorkloadRegistry } from '../workloads/workloadRegistry.ts';
import { fetchArtifact, fetchSourceRecord } from './artifacts.ts';
import type { Capacity } from './capacity.ts';
import { defineWorkload, optionsOf, type DefinitionContext } from './defineWorkload.ts';
import type { Deployment, Deployments } from './deployments.ts';
import { parseDeployRequest } from './goRequests.ts';
import type { LameDuck } from './lameDuck.ts';
import { refuseNamespace, refuseOversized } from './requestLimits.ts';
import { warnOfMissingLogin } from './serviceLogin.ts';
import { refuseInStrict } from './strictChecks.ts';
import type { WorkloadLifecycle } from './workloadLifecycle.ts';

/** Subjects that no workload may be triggered by on any node (`internal/models/config.go`); ours beside Nex's. */
const deniedSubjects = [
  ...['$SYS.>', '$JS.>', '$NEX.>', '$NEXDEV.>', '$SRV.>', '$KV.>', '$O.>'],
  // Answers to others: who took them would answer in their place.
  ...['_INBOX.>', '_R_.>'],
];

export interface DeployContext extends DefinitionContext {
  readonly connection: NatsConnection;
  readonly isAcceptedIssuer: (issuer: string) => boolean;
  readonly lifecycle: WorkloadLifecycle;
  readonly lameDuck: LameDuck;
  /** Whether a request that needs no signature may end this node. */
  readonly mayEnd: (message: Msg) => boolean;
  readonly registry: WorkloadRegistry;
  readonly deployments: Deployments;
  readonly capacity: Capacity;
  /** Trigger subjects that this node denies beside those that all do. */
  readonly deniedSubjects: readonly string[];
  /** What this node runs. */
  readonly types: readonly WorkloadType[];
}

/** What the checks of a deploy request have made of it. */
interface Facts {
  readonly type: WorkloadType;
  readonly namespace: string;
  readonly name: string;
  readonly claims: Claims;
}

/** Handles DEPLOY: Nex's checks in Nex's order with Nex's texts (`internal/node/controlapi.go` handleDeploy). */
export async function deploy(
  context: DeployContext,
  namespace: string,
  body: string,
): Promise<RunResponse> {
  refuseNamespace(namespace);
  context.lameDuck.refuse();
  context.capacity.refuseFull(body);
  const request = prefixed('Unable to deserialize deploy request: ', () =>
    parseDeployRequest(body),
  );
  refuseOversized(request);
  const type = request.type ?? '';
  if (!isOneOf(context.types, type))
    throw refused(`Unsupported workload type on this node: ${type}`);
  refuseUnfitTriggers(type, request, [...deniedSubjects, ...context.deniedSubjects]);
  const required = requireMembers(request);
  const environment = readEnvironment(context, required);
  const claims = prefixed('Invalid deploy request: ', () =>
    verifyDeployClaims(required.workload_jwt, request.hash),
  );
  if (!context.isAcceptedIssuer(claims.iss)) {
    throw refused(`invalid workload issuer: ${claims.iss}`);
  }
  const facts = { type, namespace, name: required.workload_name, claims };
  return request.nexdev?.reload === true
    ? reload(context, facts, { request, environment })
    : start(context, facts, { request, environment });
}

function reload(context: DeployContext, facts: Facts, next: Deployment): Promise<RunResponse> {
  const { registry, deployments } = context;
  return deployments.reload(facts, next, async () => {
    const running = registry.all.findLast(({ definition }) => isVersionOf(facts, definition));
    if (running === undefined) return start(context, facts, next);
    if (deployments.isRunBy(running, next)) return response(running, []);
    if (isUnderDebugger(running)) {
      return response(running, [`${facts.name} goes on in its old version in the debugger.`]);
    }
    return start(context, facts, deployments.repeat(running, next));
  });
}

const isVersionOf = ({ type, namespace, name, claims }: Facts, old: WorkloadDefinition) =>
  old.type === type &&
  old.namespace === namespace &&
  old.name === name &&
  old.claims.iss === claims.iss;

/** Its successor would have none, and wait for nobody. */
const isUnderDebugger = ({ detail }: Workload) => detail.debugger !== undefined;

async function start(
  context: DeployContext,
  facts: Facts,
  deployment: Deployment,
): Promise<RunResponse> {
  const { request, environment } = deployment;
  const { location, nexdev } = request;
  const domain = request.jsdomain === '' ? undefined : (request.jsdomain ?? undefined);
  const expected = nexdev?.hash;
  const expectedRecord =
    expected === undefined ? undefined : fetchSourceRecord(context.connection, expected, domain);
  const artifact = await prefixedAsync('Failed to cache workload bytes: ', () =>
    fetchArtifact(context.connection, location ?? {}, domain),
  );
  const replaced = isReplacement(request) ? context.lifecycle.replacedBy(facts) : [];
  const { isDuplicate, release } = context.capacity.take(facts.namespace, artifact, replaced);
  const started = prefixedAsync('Failed to deploy workload: ', async () => {
    if (isDuplicate && !context.capacity.allowsDuplicates) throw refused(duplicateText);
    refuseUnfit(facts.type, request, artifact.bytes);
    refuseInStrict(optionsOf(request).mode, facts.type, artifact.bytes);
    const record = await (expected === artifact.hash
      ? expectedRecord
      : fetchSourceRecord(context.connection, artifact.hash, domain));
    const fetched = { artifact, record };
    const definition = await defineWorkload(context, request, { ...facts, environment }, fetched);
    return run(context, definition, deployment);
  });
  return started.finally(release);
}

/** A copy takes nobody's place, nor does it hand over to another: that is done over the connection of its triggers. */
const isReplacement = ({ nexdev }: DeployRequest) =>
  nexdev?.replace === true && nexdev.copy === undefined;

const duplicateText =
  'attempted to deploy duplicate workload to node configured to reject duplicates';

async function run(
  { lifecycle, lameDuck, deployments, artifactFiles }: DeployContext,
  definition: WorkloadDefinition,
  deployment: Deployment,
): Promise<RunResponse> {
  try {
    // It may have become one while the artifact was fetched.
    lameDuck.refuse();
    const { workload, warnings } = await lifecycle.deploy(
      definition,
      isReplacement(deployment.request),
    );
    deployments.remember(workload, deployment);
    void workload.finished.then(() => artifactFiles.release(definition.id));
    return response(workload, [...warnings, ...warnOfMissingLogin(definition)]);
  } catch (error) {
    artifactFiles.release(definition.id);
    throw error;
  }
}

export const isOneOf = (types: readonly WorkloadType[], type: string): type is WorkloadType =>
  (types as readonly string[]).includes(type);

function refuseUnfitTriggers(
  type: WorkloadType,
  { trigger_subjects }: DeployRequest,
  denied: readonly string[],
): void {
  if ((trigger_subjects ?? []).length > 0 && !isFunctionType(type)) {
    throw refused(`Unsupported workload type for trigger subject registration: ${type}`);
  }
  for (const subject of trigger_subjects ?? []) {
    if (denied.some((each) => overlap(each, subject))) {
      throw refused(
        `The trigger subject ${subject} overlaps with subject(s) in this node's deny list`,
      );
    }
  }
}

/** The members whose absence crashes the real node. */
function requireMembers(request: DeployRequest) {
  const { environment, sender_public_key, workload_name, workload_jwt, location } = request;
  const missing = Object.entries({
    environment,
    sender_public_key,
    workload_name,
    workload_jwt,
    location,
  }).find(([, value]) => value === undefined || value === null);
  if (missing !== undefined) throw refused(`Invalid deploy request: ${missing[0]} is missing`);
  return {
    environment: environment ?? '',
    sender_public_key: sender_public_key ?? '',
    workload_name: workload_name ?? '',
    workload_jwt: workload_jwt ?? '',
  };
}

/** JavaScript functions get no environment on Nex; it must be readable all the same. */
function readEnvironment(
  { identity }: DeployContext,
  { environment, sender_public_key }: { environment: string; sender_public_key: string },
): Record<string, string> {
  return prefixed('Failed to decrypt environment for deploy request: ', () =>
    openEnvironment(environment, identity.xkey, sender_public_key),
  );
}

/** What the real agent refuses (`internal/agent-api/types.go` Validate), several texts on a line each. */
function refuseUnfit(
  type: WorkloadType,
  { essential, trigger_subjects, nexdev }: DeployRequest,
  bytes: Uint8Array,
): void {
  const faults: string[] = [];
  const isFunction = isFunctionType(type);
  if (essential === true && isFunction) {
    faults.push('essential flag is not supported for workload type');
  }
  if (!isFunction && nexdev?.copy !== undefined) faults.push('a service cannot be copied');
  if (bytes.length === 0) faults.push('total bytes is required');
  if (isFunction && (trigger_subjects ?? []).length === 0 && nexdev?.replayOnly !== true) {
    faults.push('at least one trigger subject is required for this workload type');
  }
  for (const subject of trigger_subjects ?? []) {
    const fault = findSubjectFault(subject);
    if (fault === undefined) continue;
    faults.push(`"${subject.slice(0, 200)}" cannot be a trigger subject: ${fault}`);
  }
  if (faults.length > 0) throw refused(`workload rejected by agent: ${faults.join('\n')}`);
}

function response({ definition }: Workload, warnings: string[]): RunResponse {
  const { id, name, claims } = definition;
  return {
    id,
    issuer: claims.iss,
    name,
    started: true,
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

const refused = (text: string, cause?: unknown) => new NexError('refused', text, { cause });

function prefixed<T>(prefix: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw refused(prefix + errorText(error), error);
  }
}

async function prefixedAsync<T>(prefix: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refused(prefix + errorText(error), error);
  }
}
