import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Platform } from '../protocol/executablePlatform.ts';
import type { SourceRecord } from '../protocol/sources.ts';
import type { Warning } from '../protocol/warnings.ts';
import type { WorkloadOptions, WorkloadType } from '../protocol/workloadTypes.ts';
import { workloadName } from './workloadName.ts';

/** What is uploaded for one file, and what a debugger needs to lead back to it. */
export interface Artifact {
  type: WorkloadType;
  bytes: Uint8Array;
  /** Lower-case hex SHA-256 of `bytes`. */
  hash: string;
  /** Workload name that Nex makes of the file's name. */
  name: string;
  record: SourceRecord;
  /** What behaves otherwise on a real Nex node. */
  warnings: Warning[];
  /** What the file itself asks for, in its first line. */
  options: WorkloadOptions;
  /** Absolute paths of the files it was made from. */
  inputs: string[];
  /** Where an executable runs. */
  platform?: Platform | undefined;
}

type Parts = Pick<Artifact, 'type' | 'bytes' | 'record'> &
  Partial<Pick<Artifact, 'warnings' | 'options' | 'inputs' | 'platform'>>;

/** An artifact of `parts`, named after the record's program. */
export function createArtifact({ bytes, record, ...parts }: Parts): Artifact {
  return {
    hash: createHash('sha256').update(bytes).digest('hex'),
    name: workloadName(record.program),
    warnings: [],
    options: {},
    inputs: [resolve(record.program)],
    ...parts,
    bytes,
    record,
  };
}
