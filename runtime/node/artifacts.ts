import { createHash } from 'node:crypto';
import type { JetStreamClient } from '@nats-io/jetstream';
import { Objm, type ObjectInfo } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { isNoResponders } from '../client/natsErrors.ts';
import type { GoUrlObject } from '../protocol/controlApi.ts';
import { jetStream } from '../protocol/jetStream.ts';
import { explainNats } from '../protocol/natsFailures.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { objectDigest } from '../protocol/objectDigest.ts';
import { longestSubject } from '../protocol/triggerSubject.ts';
import { sourceRecordSchema, sourcesBucket, type SourceRecord } from '../protocol/sources.ts';

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
  if (!/^[a-zA-Z0-9_-]{1,250}$/.test(bucket)) {
    throw new NexError('no-artifact', 'nats: invalid object-store name');
  }
  if (key === '') throw new NexError('no-artifact', 'nats: name is required');
  // Subjects are made of both; a longer one, or one of other characters, cannot exist.
  if (Buffer.byteLength(key) > longestSubject) {
    throw new NexError('no-artifact', 'nats: object not found');
  }
  const bytes = await readObject(connection, bucket, key, domain);
  return { bytes, hash: createHash('sha256').update(bytes).digest('hex') };
}

/** Where the artifact came from; undefined where a client other than ours deployed it. */
export async function fetchSourceRecord(
  connection: NatsConnection,
  hash: string,
  domain?: string,
): Promise<SourceRecord | undefined> {
  try {
    const bytes = await readObject(connection, sourcesBucket.name, hash, domain);
    return sourceRecordSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    // A plain `nex` client leaves none; the function runs all the same, under a made-up URL.
    return undefined;
  }
}

async function readObject(
  connection: NatsConnection,
  bucket: string,
  key: string,
  domain: string | undefined,
): Promise<Uint8Array> {
  // Another can be nobody's, and a subject made of a longer one would cost the node its connection.
  if (domain !== undefined && !/^[\w-]{1,255}$/.test(domain)) {
    throw new NexError('no-artifact', 'nats: no responders available for request');
  }
  let blob: Uint8Array | null;
  try {
    const client = jetStream(connection, domain);
    const store = await new Objm(client).open(bucket, false);
    const object = await store.info(key);
    blob = object && ((await readOnlyChunk(client, object)) ?? (await store.getBlob(key)));
  } catch (error) {
    throw new NexError('no-artifact', goText(error), { cause: error });
  }
  if (blob === null) throw new NexError('no-artifact', 'nats: object not found');
  return blob;
}

/**
 * The bytes of an object that is one message, as most are: asked for directly, since the client makes a consumer for
 * any. Undefined for one of several messages, or whose message is not what the object says: another version may just
 * have taken its place.
 */
async function readOnlyChunk(
  client: JetStreamClient,
  { bucket, nuid, chunks, digest }: ObjectInfo,
): Promise<Uint8Array | undefined> {
  if (chunks !== 1) return undefined;
  const manager = await client.jetstreamManager();
  const chunk = await manager.streams.getMessage(`OBJ_${bucket}`, {
    last_by_subj: `$O.${bucket}.C.${nuid}`,
  });
  return chunk !== null && objectDigest(chunk.data) === digest ? chunk.data : undefined;
}

function goText(error: unknown): string {
  if (isNoResponders(error)) return 'nats: no responders available for request';
  const text = errorText(explainNats(error));
  if (/not found/i.test(text)) return 'nats: stream not found';
  return text;
}
