import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { verifyDeployClaims } from '../protocol/claims.ts';
import {
  deployRequestSchema,
  type DeployRequest,
  type RunResponse,
} from '../protocol/controlApi.ts';
import { openEnvironment } from '../protocol/environmentSeal.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { findSubjectFault, overlap } from '../protocol/triggerSubject.ts';
import { defaultOptions, isFunctionType, type WorkloadType } from '../protocol/workloadTypes.ts';
import type { Workload } from '../workloads/workload.ts';
import type { WorkloadDefinition } from '../workloads/workloadDefinition.ts';
import { fetchArtifact, fetchSourceRecord } from './artifacts.ts';
import { defineWorkload, type DefinitionContext } from './defineWorkload.ts';
import { refuseInStrict } from './strictChecks.ts';
import type { WorkloadLifecycle } from './workloadLifecycle.ts';

/** Subjects that no workload may be triggered by (`internal/models/config.go`); ours beside Nex's. */
const deniedSubjects = ['$SYS.>', '$JS.>', '$NEX.>', '$NEXDEV.>', '$SRV.>', '$KV.>', '$O.>'];

export interface DeployContext extends DefinitionContext {
  readonly connection: NatsConnection;
  readonly isAcceptedIssuer: (issuer: string) => boolean;
  readonly lifecycle: WorkloadLifecycle;
  /** What this node runs. */
  readonly types: readonly WorkloadType[];
}

/** Handles DEPLOY: Nex's checks in Nex's order with Nex's texts (`internal/node/controlapi.go` handleDeploy). */
export async function deploy(
  context: DeployContext,
  namespace: string,
  body: string,
): Promise<RunResponse> {
  const request = parseRequest(body);
  const type = request.type ?? '';
  if (!isOneOf(context.types, type))
    throw refused(`Unsupported workload type on this node: ${type}`);
  refuseUnfitTriggers(type, request);
  const required = requireMembers(request);
  const environment = readEnvironment(context, required);
  const claims = prefixed('Invalid deploy request: ', () =>
    verifyDeployClaims(required.workload_jwt, request.hash),
  );
  if (!context.isAcceptedIssuer(claims.iss)) {
    throw refused(`invalid workload issuer: ${claims.iss}`);
  }
  const expected = request.nexdev?.hash;
  const expectedRecord =
    expected === undefined ? undefined : fetchSourceRecord(context.connection, expected);
  const artifact = await prefixedAsync('Failed to cache workload bytes: ', () =>
    fetchArtifact(context.connection, required.location, request.jsdomain ?? undefined),
  );
  return prefixedAsync('Failed to deploy workload: ', async () => {
    refuseUnfit(type, request, artifact.bytes);
    const mode = request.nexdev?.options?.mode ?? defaultOptions.mode;
    refuseInStrict(mode, type, artifact.bytes);
    const record = await (expected === artifact.hash
      ? expectedRecord
      : fetchSourceRecord(context.connection, artifact.hash));
    const facts = { type, namespace, name: required.workload_name, environment, claims };
    const definition = await defineWorkload(context, request, facts, { artifact, record });
    return start(context, definition, request.nexdev?.replace ?? false);
  });
}

async function start(
  { lifecycle, artifactFiles }: DeployContext,
  definition: WorkloadDefinition,
  replace: boolean,
): Promise<RunResponse> {
  try {
    const { workload, warnings } = await lifecycle.deploy(definition, replace);
    return response(workload, warnings);
  } catch (error) {
    artifactFiles.release(definition.id);
    throw error;
  }
}

export const isOneOf = (types: readonly WorkloadType[], type: string): type is WorkloadType =>
  (types as readonly string[]).includes(type);

function parseRequest(body: string): DeployRequest {
  const parse = () => {
    const json: unknown = JSON.parse(body);
    const parsed = deployRequestSchema.safeParse(json ?? {});
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error).replaceAll('\n', ' '));
    return parsed.data;
  };
  return prefixed('Unable to deserialize deploy request: ', parse);
}

function refuseUnfitTriggers(type: WorkloadType, { trigger_subjects }: DeployRequest): void {
  if ((trigger_subjects ?? []).length > 0 && !isFunctionType(type)) {
    throw refused(`Unsupported workload type for trigger subject registration: ${type}`);
  }
  for (const subject of trigger_subjects ?? []) {
    if (deniedSubjects.some((denied) => overlap(denied, subject))) {
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
    location: location ?? {},
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
  if (bytes.length === 0) faults.push('total bytes is required');
  if (isFunction && (trigger_subjects ?? []).length === 0 && nexdev?.replayOnly !== true) {
    faults.push('at least one trigger subject is required for this workload type');
  }
  for (const subject of trigger_subjects ?? []) {
    const fault = findSubjectFault(subject);
    if (fault !== undefined) faults.push(`"${subject}" cannot be a trigger subject: ${fault}`);
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
