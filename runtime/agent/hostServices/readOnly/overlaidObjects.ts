import { randomUUID } from 'node:crypto';
import { objectDigest } from '../../../protocol/objectDigest.ts';
import { bucketCallMs, type UseBucket } from '../bucketCache.ts';
import { withinLimit } from '../hostService.ts';
import { chunkSize, type ObjectBucket, type ObjectRecord } from '../objectBuckets.ts';
import { orNone, type Overlay } from './overlay.ts';

export interface WrittenObject {
  readonly bytes: Uint8Array;
  readonly record: ObjectRecord;
}

/** Object stores that are read, and written in the overlay alone. `tell` is told of each write. */
export function overlayObjects(
  live: UseBucket<ObjectBucket>,
  overlay: Overlay<WrittenObject>,
  tell: (call: string) => void,
): UseBucket<ObjectBucket> {
  return (bucket, failure, work) => {
    const written = overlay.of(bucket);
    const read = <T>(none: T, reading: (store: ObjectBucket) => Promise<T>) =>
      orNone(live(bucket, failure, reading), none);
    const list = () => read(new Map<string, ObjectRecord>(), (store) => store.list());
    const store: ObjectBucket = {
      get: async (name) =>
        written.has(name) ? written.get(name)?.bytes : read(undefined, (one) => one.get(name)),
      put: async (name, bytes) => {
        // A store that cannot be had fails here as it would.
        await read(undefined, () => Promise.resolve(undefined));
        const record = recordOf(bucket, name, bytes);
        written.set(name, { bytes, record });
        tell(`objectStore.put ${bucket} ${name}`);
        return record;
      },
      delete: async (name) => {
        const isKnown = written.has(name) || (await list()).has(name);
        if (!isKnown) return false;
        written.set(name, undefined);
        tell(`objectStore.delete ${bucket} ${name}`);
        return true;
      },
      list: async () => {
        const objects = new Map(await list());
        for (const [name, object] of written) {
          if (object === undefined) objects.delete(name);
          else objects.set(name, object.record);
        }
        return objects;
      },
    };
    // The calls to the live store have a limit of their own.
    return withinLimit(3 * bucketCallMs, failure, () => work(store));
  };
}

const recordOf = (bucket: string, name: string, bytes: Uint8Array): ObjectRecord => ({
  name,
  options: { max_chunk_size: chunkSize },
  bucket,
  nuid: randomUUID(),
  size: bytes.length,
  mtime: new Date().toISOString(),
  chunks: Math.ceil(bytes.length / chunkSize),
  digest: objectDigest(bytes),
});
