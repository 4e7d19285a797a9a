import { Objm, type ObjectInfo, type ObjectStore } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { jetStream } from '../../protocol/jetStream.ts';
import { BucketCache, provisionedBytes, type UseBucket } from './bucketCache.ts';

/** nats.go's JSON of an ObjectInfo. */
export type ObjectRecord = Readonly<Record<string, unknown>>;

/** What a function does with an object store, whatever holds its objects. */
export interface ObjectBucket {
  /** Undefined where there is no such object, or was. */
  get(name: string): Promise<Uint8Array | undefined>;
  put(name: string, bytes: Uint8Array): Promise<ObjectRecord>;
  /** False where there never was one. */
  delete(name: string): Promise<boolean>;
  /** Those that are not deleted, by their names. */
  list(): Promise<Map<string, ObjectRecord>>;
}

/** Chunk size in bytes of objects put through Nex. */
export const chunkSize = 131_072;

/** The object stores of NATS; a missing one is made where it may be written. */
export function openObjectBuckets(
  connection: NatsConnection,
  mayWrite: (name: string) => boolean,
): UseBucket<ObjectBucket> {
  const objm = new Objm(jetStream(connection));
  const kind = {
    openFailure: 'unable to resolve object store',
    streamPrefix: 'OBJ_',
    open: async (name: string) => natsBucket(await objm.open(name, false)),
    provision: async (name: string) =>
      natsBucket(await objm.create(name, { max_bytes: provisionedBytes })),
  };
  return new BucketCache(connection, kind, mayWrite).use;
}

const natsBucket = (store: ObjectStore): ObjectBucket => ({
  get: async (name) => (await store.getBlob(name)) ?? undefined,
  put: async (name, bytes) => {
    const meta = { name, options: { max_chunk_size: chunkSize } };
    return objectRecord(await store.putBlob(meta, bytes));
  },
  delete: async (name) => {
    // One that was deleted before is known still.
    if ((await store.info(name)) === null) return false;
    await store.delete(name);
    return true;
  },
  list: async () => {
    const objects = (await store.list()).filter((object) => !object.deleted);
    return new Map(objects.map((object) => [object.name, objectRecord(object)]));
  },
});

/** It leaves out what is empty. */
function objectRecord(info: ObjectInfo): ObjectRecord {
  return {
    name: info.name,
    ...(info.description === '' || info.description === undefined
      ? {}
      : { description: info.description }),
    ...(Object.keys(info.metadata ?? {}).length === 0 ? {} : { metadata: info.metadata }),
    options: { max_chunk_size: info.options?.max_chunk_size ?? chunkSize },
    bucket: info.bucket,
    nuid: info.nuid,
    size: info.size,
    mtime: info.mtime,
    chunks: info.chunks,
    digest: info.digest,
  };
}
