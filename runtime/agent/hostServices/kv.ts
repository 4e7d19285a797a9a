import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { BucketCache, provisionedBytes } from './bucketCache.ts';
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

/** `kv(bucket)`: Nex's `host-services/builtins/keyvalue.go`. A missing bucket is made. */
export function createKvService(connection: NatsConnection): HostService {
  const kvm = new Kvm(connection);
  const buckets = new BucketCache('Could not resolve host services KV bucket', (name) =>
    kvm.create(name, { max_bytes: provisionedBytes, history: 1 }),
  );
  const use = <T>(call: HostCall, failure: string, work: (kv: KV) => Promise<T>) =>
    buckets.use(nameArgument(call, 0), failure, work);

  return async (call) => {
    switch (call.method) {
      case 'get':
        return use(call, 'failed to get value for key', async (kv) => {
          const entry = await kv.get(keyArgument(call));
          if (entry?.operation !== 'PUT') throw new Error('no such key');
          return bytesResult(entry.value);
        });
      case 'set':
        await use(call, 'failed to write value for key', (kv) =>
          kv.put(keyArgument(call), bytesArgument(call, 2)),
        );
        return nothing;
      case 'delete':
        await use(call, 'failed to delete key', (kv) => kv.delete(keyArgument(call)));
        return nothing;
      case 'keys':
        return use(call, 'failed to resolve keys', async (kv) =>
          jsonResult(await Array.fromAsync(await kv.keys())),
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
