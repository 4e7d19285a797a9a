import { Objm, type ObjectInfo, type ObjectStore } from '@nats-io/obj';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { isNoResponders } from '../client/natsErrors.ts';
import { jetStream } from '../protocol/jetStream.ts';
import { explainNats } from '../protocol/natsFailures.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { objectDigest } from '../protocol/objectDigest.ts';
import { longestSubject } from '../protocol/triggerSubject.ts';

export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
  /** Of JetStream; undefined for the server's own. */
  readonly domain: string | undefined;
}

/** How long a chunk may take to come: of one that is not there, nothing is ever heard. */
const chunkMs = 10_000;

/**
 * Reads an object, or the one that it is a link to. Throws `no-artifact` with the texts of nats.go. Whoever may write to
 * the bucket wrote what an object says of itself: it is not trusted, and subjects made of it may not be of any length.
 */
export async function readObject(
  connection: NatsConnection,
  address: ObjectAddress,
): Promise<Uint8Array> {
  refuseImpossible(address);
  try {
    const client = jetStream(connection, address.domain);
    const found = await open(client, address);
    const link = found.object.options?.link;
    if (link === undefined) return await read(client, found);
    const target = { ...address, bucket: link.bucket, key: link.name ?? '' };
    if (target.key === '') throw failure('nats: invalid Get, object is a link to a bucket');
    refuseImpossible(target);
    const linked = await open(client, target);
    if (linked.object.options?.link !== undefined)
      throw failure('nats: not allowed to link to another link');
    return await read(client, linked);
  } catch (error) {
    if (error instanceof NexError) throw error;
    throw failure(goText(error), error);
  }
}

interface Found extends ObjectAddress {
  readonly store: ObjectStore;
  readonly object: ObjectInfo;
}

/** A subject that is made of another one cannot exist, and one that is too long would cost the node its connection. */
function refuseImpossible({ bucket, key, domain }: ObjectAddress): void {
  if (!/^[\w-]{1,250}$/.test(bucket)) throw failure('nats: invalid object-store name');
  if (key === '') throw failure('nats: name is required');
  if (Buffer.byteLength(key) > longestSubject) throw failure(notFound);
  if (domain !== undefined && !/^[\w-]{1,255}$/.test(domain)) throw failure(noResponders);
}

async function open(client: JetStreamClient, address: ObjectAddress): Promise<Found> {
  const store = await new Objm(client).open(address.bucket, false);
  const object = await store.info(address.key);
  if (object === null || object.deleted) throw failure(notFound);
  return { ...address, store, object };
}

async function read(client: JetStreamClient, found: Found): Promise<Uint8Array> {
  if (!idSchema.safeParse(found.object.nuid).success) throw failure(badMeta);
  return (await readOnlyChunk(client, found)) ?? readChunks(found);
}

/**
 * The bytes of an object that is one message, as most are: asked for directly, since the client makes a consumer for
 * any. Undefined for one of several messages, or whose message is not what the object says: another version may just
 * have taken its place.
 */
async function readOnlyChunk(
  client: JetStreamClient,
  { bucket, object: { nuid, chunks, digest } }: Found,
): Promise<Uint8Array | undefined> {
  if (chunks !== 1) return undefined;
  const manager = await client.jetstreamManager();
  const chunk = await manager.streams.getMessage(`OBJ_${bucket}`, {
    last_by_subj: `$O.${bucket}.C.${nuid}`,
  });
  return chunk !== null && objectDigest(chunk.data) === digest ? chunk.data : undefined;
}

async function readChunks({ store, key }: Found): Promise<Uint8Array> {
  const result = await store.get(key);
  if (result === null) throw failure(notFound);
  // The reader is told the same.
  result.error.catch(() => undefined);
  const reader = result.data.getReader();
  const chunks: Uint8Array[] = [];
  const late = new AbortController();
  const giveUp = () => {
    late.abort();
    void reader.cancel();
  };
  for (;;) {
    const timer = setTimeout(giveUp, chunkMs);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (late.signal.aborted) throw failure('nats: timeout');
    if (done) return Buffer.concat(chunks);
    chunks.push(value);
  }
}

const idSchema = z.string().regex(/^[\w-]{1,64}$/);

const failure = (text: string, cause?: unknown) => new NexError('no-artifact', text, { cause });
const notFound = 'nats: object not found';
const badMeta = 'nats: object-store meta information invalid';
const noResponders = 'nats: no responders available for request';

function goText(error: unknown): string {
  if (isNoResponders(error)) return noResponders;
  // The client met what is no description of an object.
  if (error instanceof TypeError || error instanceof SyntaxError) return badMeta;
  const text = errorText(explainNats(error));
  if (/not found/i.test(text)) return 'nats: stream not found';
  return text;
}
