import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { jetStream } from '../../protocol/jetStream.ts';
import { BucketCache, provisionedBytes, type UseBucket } from './bucketCache.ts';

/** What a function does with a bucket, whatever holds its values. Keys are valid. */
export interface KvBucket {
  /** Undefined where there is no such key, or was. */
  get(key: string): Promise<Uint8Array | undefined>;
  set(key: string, value: Uint8Array): Promise<void>;
  delete(key: string): Promise<void>;
  keys(): Promise<string[]>;
}

/** The buckets of NATS; a missing one is made where it may be written. */
export function openKvBuckets(
  connection: NatsConnection,
  mayWrite: (name: string) => boolean,
): UseBucket<KvBucket> {
  const kvm = new Kvm(jetStream(connection));
  const kind = {
    openFailure: 'Could not resolve host services KV bucket',
    streamPrefix: 'KV_',
    open: async (name: string) => natsBucket(await kvm.open(name)),
    provision: async (name: string) =>
      natsBucket(await kvm.create(name, { max_bytes: provisionedBytes, history: 1 })),
  };
  return new BucketCache(connection, kind, mayWrite).use;
}

const natsBucket = (kv: KV): KvBucket => ({
  get: async (key) => {
    const entry = await kv.get(key);
    return entry?.operation === 'PUT' ? entry.value : undefined;
  },
  set: async (key, value) => {
    await kv.put(key, value);
  },
  delete: (key) => kv.delete(key),
  keys: async () => Array.fromAsync(await kv.keys()),
});
