import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Artifact } from '../artifact/artifact.ts';
import { buildArtifact } from '../artifact/buildArtifact.ts';
import {
  artifactBucket,
  devrunTag,
  nexSourceLimit,
  placeholderHash,
  type DeployExtension,
  type DeployRequest,
  type MachineSummary,
  type PingResponse,
} from '../protocol/controlApi.ts';
import { sealLogin, type CopyServices } from '../protocol/copy.ts';
import { domainOf } from '../protocol/jetStream.ts';
import type { NatsOptions } from '../protocol/natsOptions.ts';
import { NexError } from '../protocol/nexError.ts';
import { findSubjectFault } from '../protocol/triggerSubject.ts';
import type { Warning } from '../protocol/warnings.ts';
import { isFunctionType, type WorkloadType } from '../protocol/workloadTypes.ts';
import { chooseNode } from './chooseNode.ts';
import { ControlClient } from './controlClient.ts';
import { createDeployRequest, type HostServicesLogin } from './deployRequest.ts';
import type { Keys } from './keys.ts';
import { listNodeFiles } from './nodeFiles.ts';
import { uploadArtifact } from './uploadArtifact.ts';

export interface DevrunOptions {
  connection: NatsConnection;
  keys: Pick<Keys, 'issuer' | 'publisher'>;
  file: string;
  namespace?: string | undefined;
  triggerSubjects: string[];
  env?: Record<string, string>;
  /** Arguments of a service. */
  argv?: string[];
  /** Start a service again when it ends with another exit code than 0. */
  essential?: boolean;
  /** NATS of its triggers and host services, where it is not the node's. */
  hostServices?: HostServicesLogin | undefined;
  /** Size in bytes of the bucket for artifacts, where that has to be made. */
  bucketMaxBytes?: number | undefined;
  /** Overrules what the file's content says. */
  type?: WorkloadType | undefined;
  /** Its `options` overrule what the file itself asks for; `replace: false` leaves others of the name as they are. */
  extension?: DeployExtension;
  /** The node whose bid wins at once; without it that of any local node. */
  nodeId?: string | undefined;
  /** The node that it has to be (`requireNode`), without an auction. */
  node?: PingResponse | undefined;
  /** Deploy it as a copy whose triggers and host services are elsewhere; for a Nex Devrun node. */
  copy?: { nats: NatsOptions; hostServices: CopyServices };
  /** What `file` was built to, where the caller has it already. */
  artifact?: Artifact;
  /** Told what happens, in words of the `nex` CLI where it has them. */
  onMessage?: (text: string) => void;
}

export interface DevrunResult {
  workloadId: string;
  nodeId: string;
  name: string;
  namespace: string;
  /** Lower-case hex SHA-256 of the artifact: the key of its source record. */
  hash: string;
  /** Whether a workload of this name ran there before. */
  replaced: boolean;
  warnings: Warning[];
}

/** A real node needs about this long until its next agent is warm; `nex devrun` waits it too. */
const realNodePauseMs = 500;

/**
 * Builds a file and deploys it as `nex devrun` does: upload, auction, sealed environment, signed claims. A Nex Devrun
 * node swaps versions itself, so that a deploy that fails leaves the old one answering; on a real Nex node a workload
 * of the same name is stopped first, as `nex` does.
 */
export async function devrun(options: DevrunOptions): Promise<DevrunResult> {
  const { connection, keys, namespace = 'default', onMessage = () => undefined } = options;
  const artifact = options.artifact ?? (await buildArtifact(options.file, options));
  checkSubjects(artifact.type, options);
  const control = new ControlClient(connection, { onStrange: onMessage });
  // First, so that nothing is left on a NATS that has no node.
  const node = options.node ?? (await chooseNode(control, artifact, await preferredNodes(options)));
  const uploading = Promise.all([
    uploadArtifact(connection, artifact, options.bucketMaxBytes),
    control.info(namespace, node.node_id),
  ]);
  // Awaited below; until then a failure must not count as unhandled.
  uploading.catch(() => undefined);
  // Sealing and signing take a millisecond or two: while the server stores the artifact.
  const isOurs = node.tags?.[devrunTag] !== undefined;
  const request = createRequest(options, artifact, node, isOurs);
  const [uploadWarnings, { machines }] = await uploading;
  const replaces = options.extension?.replace !== false;
  const old = machines.filter(({ workload }) => replaces && workload.name === artifact.name);
  if (!isOurs)
    await clearRealNode(artifact, old, async (machine) => {
      onMessage(
        `Workload ${artifact.name} (${machine.id}) already exists on the target. Attempting to stop it`,
      );
      await control.stop({ nodeId: node.node_id, namespace, workloadId: machine.id }, keys.issuer);
    });
  const { id, warnings = [] } = await control.deploy(namespace, node.node_id, request);
  return {
    workloadId: id,
    nodeId: node.node_id,
    name: artifact.name,
    namespace,
    hash: artifact.hash,
    replaced: old.length > 0,
    warnings: [
      ...artifact.warnings,
      ...uploadWarnings,
      ...warnings.map((text) => ({ code: 'node', text })),
      ...(isOurs ? [] : unlimitedWarnings(options, artifact)),
    ],
  };
}

const preferredNodes = async ({ nodeId }: DevrunOptions): Promise<string[]> =>
  nodeId === undefined ? (await listNodeFiles()).map((file) => file.nodeId) : [nodeId];

/** Throws `no-trigger-subject` or `invalid-subject`. `devrun` does so by itself; this is for those who start a node for it. */
export function checkSubjects(
  type: WorkloadType,
  { triggerSubjects, extension }: Pick<DevrunOptions, 'triggerSubjects' | 'extension'>,
): void {
  if (!isFunctionType(type)) {
    if (triggerSubjects.length === 0) return;
    throw new NexError('trigger-on-service', 'A service has no trigger subjects.', {
      remedy: 'Leave them out: a service subscribes by itself.',
    });
  }
  if (triggerSubjects.length === 0 && extension?.replayOnly !== true) {
    throw new NexError(
      'no-trigger-subject',
      'cannot start a function-type workload without specifying at least one trigger subject',
      {
        remedy:
          'Give one, for example --trigger_subject=echo; a service in this file needs --type native.',
      },
    );
  }
  for (const subject of triggerSubjects) {
    const fault = findSubjectFault(subject);
    if (fault === undefined) continue;
    throw new NexError('invalid-subject', `"${subject}" cannot be a trigger subject: ${fault}.`, {
      remedy: 'Subjects are words joined by dots, such as iot.temperature or iot.*.',
    });
  }
}

/** Limits that somebody counts on are not to be lost silently. */
function unlimitedWarnings({ extension }: DevrunOptions, artifact: Artifact): Warning[] {
  const allow = { ...artifact.options.allow, ...extension?.options?.allow };
  const services = Object.keys(allow);
  if (services.length === 0) return [];
  const text = `A real Nex node limits no host service: ${services.join(', ')} can reach everything there.`;
  return [{ code: 'not-limited', text }];
}

async function clearRealNode(
  artifact: Artifact,
  old: MachineSummary[],
  stop: (machine: MachineSummary) => Promise<void>,
): Promise<void> {
  // Refused before the old version is stopped: the node would say so only afterwards.
  checkSize(artifact);
  for (const machine of old) {
    await stop(machine);
    await pause(realNodePauseMs);
  }
}

/** Throws `artifact-too-large` for what no real Nex node takes. */
export function checkSize({ type, bytes }: Pick<Artifact, 'type' | 'bytes'>): void {
  if (type !== 'v8' || bytes.length <= nexSourceLimit) return;
  throw new NexError(
    'artifact-too-large',
    `The artifact has ${bytes.length} bytes; this Nex node refuses more than ${nexSourceLimit}.`,
    { remedy: 'Make the function smaller, or run it on a Nex Devrun node.' },
  );
}

function createRequest(
  {
    connection,
    keys,
    triggerSubjects,
    env = {},
    argv = [],
    essential = false,
    hostServices,
    extension,
    copy,
  }: DevrunOptions,
  artifact: Artifact,
  node: PingResponse,
  isOurs: boolean,
): DeployRequest {
  const nexdev: DeployExtension = {
    replace: true,
    ...extension,
    fileOptions: artifact.options,
    warned: artifact.warnings.map(({ code }) => code),
    hash: artifact.hash,
    ...(copy === undefined
      ? {}
      : {
          copy: {
            ...copy,
            nats: sealLogin(copy.nats, keys.publisher, node.target_xkey),
          },
        }),
  };
  return createDeployRequest({
    keys,
    nodeId: node.node_id,
    nodeXkey: node.target_xkey,
    location: { bucket: artifactBucket.name, key: artifact.name },
    name: artifact.name,
    type: artifact.type,
    description: 'Workload published in devmode',
    hash: placeholderHash,
    triggerSubjects,
    env,
    argv,
    essential,
    jsdomain: domainOf(connection),
    hostServices,
    ...(isOurs ? { extension: nexdev } : {}),
  });
}
