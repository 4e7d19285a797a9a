import type { UseBucket } from './bucketCache.ts';
import {
  HostServiceError,
  bytesArgument,
  bytesResult,
  jsonResult,
  nameArgument,
  nothing,
  type HostCall,
  type HostService,
} from './hostService.ts';
import type { KvBucket } from './kvBuckets.ts';

/** `kv(bucket)`: Nex's `host-services/builtins/keyvalue.go`. */
export function createKvService(buckets: UseBucket<KvBucket>): HostService {
  const use = <T>(call: HostCall, failure: string, work: (bucket: KvBucket) => Promise<T>) =>
    buckets(nameArgument(call, 0), failure, work);

  return async (call) => {
    switch (call.method) {
      case 'get':
        return use(call, 'failed to get value for key', async (bucket) => {
          const value = await bucket.get(keyArgument(call));
          if (value === undefined) throw new Error('no such key');
          return bytesResult(value);
        });
      case 'set':
        await use(call, 'failed to write value for key', async (bucket) =>
          bucket.set(keyArgument(call), bytesArgument(call, 2)),
        );
        return nothing;
      case 'delete':
        await use(call, 'failed to delete key', async (bucket) => bucket.delete(keyArgument(call)));
        return nothing;
      case 'keys':
        return use(call, 'failed to resolve keys', async (bucket) =>
          jsonResult(await bucket.keys()),
        );
      default:
        throw new HostServiceError(`No such method: kv.${call.method}`, 404);
    }
  };
}

/** The rule of nats.go (`kv.go`), which Nex's users meet; nats.js would let some more pass. */
const keyPattern = /^[-/_=.a-zA-Z0-9]+$/;

function keyArgument(call: HostCall): string {
  const key = nameArgument(call, 1);
  if (key === '') throw new HostServiceError('key is required', 400);
  if (!keyPattern.test(key) || key.startsWith('.') || key.endsWith('.')) {
    throw new Error(`"${key}" is not a valid key`);
  }
  return key;
}
