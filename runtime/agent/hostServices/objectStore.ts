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
import type { ObjectBucket } from './objectBuckets.ts';

/** `objectStore(bucket)`: Nex's `host-services/builtins/objectstore.go`. */
export function createObjectStoreService(buckets: UseBucket<ObjectBucket>): HostService {
  const use = <T>(call: HostCall, failure: string, work: (bucket: ObjectBucket) => Promise<T>) =>
    buckets(nameArgument(call, 0), failure, work);

  return async (call) => {
    switch (call.method) {
      case 'get':
        return use(call, 'failed to get object', async (bucket) => {
          const bytes = await bucket.get(objectName(call));
          if (bytes === undefined) throw new Error('no such object');
          return bytesResult(bytes);
        });
      case 'put':
        // The text that Nex gives when a put fails is empty.
        return use(call, '', async (bucket) =>
          jsonResult(await bucket.put(objectName(call), bytesArgument(call, 2))),
        );
      case 'delete':
        await use(call, 'failed to delete object', async (bucket) => {
          if (!(await bucket.delete(objectName(call)))) throw new Error('no such object');
        });
        return nothing;
      case 'list':
        return use(call, 'failed to list objects', async (bucket) => {
          const objects = await bucket.list();
          if (objects.size === 0) throw new Error('no objects found');
          return jsonResult([...objects.values()]);
        });
      default:
        throw new HostServiceError(`No such method: objectStore.${call.method}`, 404);
    }
  };
}

function objectName(call: HostCall): string {
  const name = nameArgument(call, 1);
  if (name === '') throw new HostServiceError('name is required', 400);
  return name;
}
