import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import type { CopyServices } from '../../protocol/copy.ts';
import type { DeployExtension } from '../../protocol/controlApi.ts';
import type { NatsOptions } from '../../protocol/natsOptions.ts';
import { devrun, type DevrunResult } from '../devrun.ts';
import type { Keys } from '../keys.ts';
import { fetchOriginalArtifact } from './fetchOriginalArtifact.ts';
import { findOriginal, type Original, type OriginalReference } from './findOriginal.ts';
import { findTriggers } from './findTriggers.ts';

export interface CopyOptions {
  reference: OriginalReference;
  /** The NATS that the original is on: a connection, and how a copy logs in there too. */
  original: { connection: NatsConnection; nats: NatsOptions };
  /** The NATS of the node that runs the copy. */
  local: NatsConnection;
  keys: Keys;
  /** Trigger subjects, where they are known; else they are asked for. */
  triggerSubjects: string[];
  hostServices: CopyServices;
  /** File that the original was built from, where it is here. */
  program?: string | undefined;
  env?: Record<string, string>;
  extension?: DeployExtension;
}

export interface DeployedCopy {
  original: Original;
  copy: DevrunResult;
  triggerSubjects: string[];
  /** False where the file given is not what the original runs. */
  isSame: boolean;
}

/** Runs what a workload runs elsewhere on this user's own node, where it observes the same messages and answers none. */
export async function deployCopy(options: CopyOptions): Promise<DeployedCopy> {
  const { reference, keys, local, program, env = {}, extension } = options;
  const { connection, nats } = options.original;
  const original = await findOriginal(connection, keys, reference);
  const given = options.triggerSubjects;
  const triggerSubjects = given.length > 0 ? given : await findTriggers(connection, original);
  const places = { original: connection, local, program };
  const { artifact, isSame } = await fetchOriginalArtifact(original, places);
  const { limits, options: deployedWith } = original.detail ?? {};
  const copy = await devrun({
    ...{ connection: local, keys, env, triggerSubjects },
    file: artifact.record.program,
    artifact: { ...artifact, name: copyName(original.name), warnings: [] },
    namespace: original.namespace,
    copy: { nats, hostServices: options.hostServices },
    extension: {
      limits,
      ...extension,
      options: { ...deployedWith, ...extension?.options },
      replace: false,
    },
  });
  return { original, copy, triggerSubjects, isSame };
}

/** One of its own each time: a copy replaces nothing. */
const copyName = (name: string) => `${name}-copy-${randomBytes(2).toString('hex')}`;
