import { bucketCallMs, type UseBucket } from '../bucketCache.ts';
import { withinLimit } from '../hostService.ts';
import type { KvBucket } from '../kvBuckets.ts';
import { orNone, type Overlay } from './overlay.ts';

/** Buckets that are read, and written in the overlay alone. `tell` is told of each write. */
export function overlayKv(
  live: UseBucket<KvBucket>,
  overlay: Overlay<Uint8Array>,
  tell: (call: string) => void,
): UseBucket<KvBucket> {
  return (name, failure, work) => {
    const written = overlay.of(name);
    const read = <T>(none: T, reading: (bucket: KvBucket) => Promise<T>) =>
      orNone(live(name, failure, reading), none);
    const write = async (call: string, key: string, value: Uint8Array | undefined) => {
      // A bucket that cannot be had fails here as it would.
      await read(undefined, () => Promise.resolve(undefined));
      written.set(key, value);
      tell(`kv.${call} ${name} ${key}`);
    };
    const bucket: KvBucket = {
      get: async (key) =>
        written.has(key) ? written.get(key) : read(undefined, (kv) => kv.get(key)),
      set: (key, value) => write('set', key, value),
      delete: (key) => write('delete', key, undefined),
      keys: async () => {
        const keys = new Set(await read([], (kv) => kv.keys()));
        for (const [key, value] of written) {
          if (value === undefined) keys.delete(key);
          else keys.add(key);
        }
        return [...keys];
      },
    };
    // The calls to the live bucket have a limit of their own.
    return withinLimit(3 * bucketCallMs, failure, () => work(bucket));
  };
}
