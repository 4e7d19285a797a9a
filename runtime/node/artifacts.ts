import { createHash } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import type { GoUrlObject } from '../protocol/controlApi.ts';
import { sourceRecordSchema, sourcesBucket, type SourceRecord } from '../protocol/sources.ts';
import { readObject } from './readObject.ts';

export interface Artifact {
  readonly bytes: Uint8Array;
  /** Lower-case hex SHA-256. */
  readonly hash: string;
}

/** Fetches what a deploy request's `location` names. Errors have the texts of nats.go, as Nex's clients know them. */
export async function fetchArtifact(
  connection: NatsConnection,
  location: GoUrlObject,
  domain: string | undefined,
): Promise<Artifact> {
  const { Host: bucket = '', Path: path = '' } = location;
  const key = path.replaceAll(/^\/+|\/+$/g, '');
  const bytes = await readObject(connection, { bucket, key, domain });
  return { bytes, hash: createHash('sha256').update(bytes).digest('hex') };
}

/** Where the artifact came from; undefined where a client other than ours deployed it. */
export async function fetchSourceRecord(
  connection: NatsConnection,
  hash: string,
  domain?: string,
): Promise<SourceRecord | undefined> {
  try {
    const bytes = await readObject(connection, { bucket: sourcesBucket.name, key: hash, domain });
    return sourceRecordSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    // A plain `nex` client leaves none; the function runs all the same, under a made-up URL.
    return undefined;
  }
}
