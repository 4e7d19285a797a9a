import { randomUUID } from 'node:crypto';
import type { NatsOptions } from '../protocol/natsOptions.ts';
import type { Claims } from '../protocol/claims.ts';
import { openLogin } from '../protocol/copy.ts';
import { defaultLimits, type DeployRequest } from '../protocol/controlApi.ts';
import type { SourceRecord } from '../protocol/sources.ts';
import { defaultOptions, type WorkloadType } from '../protocol/workloadTypes.ts';
import type { WorkloadDefinition } from '../workloads/workloadDefinition.ts';
import type { ArtifactFiles } from './artifactFiles.ts';
import type { Artifact } from './artifacts.ts';
import type { NodeIdentity } from './nodeIdentity.ts';

export interface DefinitionContext {
  readonly identity: NodeIdentity;
  readonly nats: NatsOptions;
  /** Where workloads connect that bring no connection of their own; undefined: where the node is. */
  readonly hostServices: DeployRequest['host_services_config'];
  readonly artifactFiles: ArtifactFiles;
}

/** What the checks of a deploy request have made of it. */
interface Facts {
  readonly type: WorkloadType;
  readonly namespace: string;
  readonly name: string;
  readonly environment: Record<string, string>;
  readonly claims: Claims;
}

interface Fetched {
  readonly artifact: Artifact;
  readonly record: SourceRecord | undefined;
}

/** The workload that a deploy request asks for, under an id of its own; files that its agent needs are written. */
export async function defineWorkload(
  context: DefinitionContext,
  request: DeployRequest,
  facts: Facts,
  { artifact, record }: Fetched,
): Promise<WorkloadDefinition> {
  const {
    limits,
    waitForDebugger = false,
    warned = [],
    debugger: serviceDebugger,
  } = request.nexdev ?? {};
  const { mode, contexts, allow } = optionsOf(request);
  const { type, ...rest } = facts;
  const id = randomUUID();
  const common = {
    ...rest,
    id,
    nodeId: context.identity.id,
    hash: artifact.hash,
    triggerSubjects: request.trigger_subjects ?? [],
    limits: {
      timeoutMs: limits?.timeoutMs ?? defaultLimits.timeoutMs,
      memoryMb: limits?.memoryMb ?? defaultLimits.memoryMb,
    },
    mode,
    allow,
    waitForDebugger,
    warned,
    description: request.description ?? '',
    essential: request.essential ?? false,
    totalBytes: artifact.bytes.length,
    program: record?.program,
    ...connections(context, request),
  };
  const scriptUrl = (extension: string) =>
    record?.scriptUrl ?? `file:///nex/${facts.name}.${extension}`;
  const file = () => context.artifactFiles.put(artifact.hash, artifact.bytes, id);
  switch (type) {
    case 'v8':
      return {
        ...common,
        type,
        contexts,
        source: Buffer.from(artifact.bytes).toString('utf8'),
        scriptUrl: scriptUrl('js'),
        ...(record?.map === undefined ? {} : { map: record.map }),
      };
    case 'wasm':
      return { ...common, type, file: await file(), scriptUrl: scriptUrl('wasm') };
    case 'native':
      return {
        ...common,
        type,
        file: await file(),
        argv: request.argv ?? [],
        ...(serviceDebugger === undefined ? {} : { debugger: serviceDebugger }),
      };
  }
}

/** What the deployer asks for, else what the file does; of each host service apart. */
export function optionsOf({ nexdev }: DeployRequest): typeof defaultOptions {
  const { options, fileOptions } = nexdev ?? {};
  return {
    mode: options?.mode ?? fileOptions?.mode ?? defaultOptions.mode,
    contexts: options?.contexts ?? fileOptions?.contexts ?? defaultOptions.contexts,
    allow: { ...fileOptions?.allow, ...options?.allow },
  };
}

/** The workload's own connection, and the node's beside it where the request brings another. */
function connections(
  { nats, hostServices, identity }: DefinitionContext,
  { host_services_config, sender_public_key, nexdev }: DeployRequest,
) {
  const { copy } = nexdev ?? {};
  if (copy !== undefined) {
    const original = openLogin(copy.nats, identity.xkey, sender_public_key ?? '');
    return { nats: original, nodeNats: nats, copy: { hostServices: copy.hostServices } };
  }
  const brings = (host_services_config?.nats_url ?? '') !== '';
  const config = brings ? host_services_config : hostServices;
  const url = config?.nats_url;
  if (url === undefined || url === '') return { nats, nodeNats: undefined };
  const own: NatsOptions = {
    servers: url,
    ...(config?.nats_user_jwt === undefined ? {} : { userJwt: config.nats_user_jwt }),
    ...(config?.nats_user_seed === undefined ? {} : { userSeed: config.nats_user_seed }),
  };
  return { nats: own, nodeNats: nats };
}
