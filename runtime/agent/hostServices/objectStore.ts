import { Objm, type ObjectInfo, type ObjectStore } from '@nats-io/obj';
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

/** `objectStore(bucket)`: Nex's `host-services/builtins/objectstore.go`. A missing store is made. */
export function createObjectStoreService(connection: NatsConnection): HostService {
  const objm = new Objm(connection);
  const stores = new BucketCache('unable to resolve object store', (name) =>
    objm.create(name, { max_bytes: provisionedBytes }),
  );
  const use = <T>(call: HostCall, failure: string, work: (store: ObjectStore) => Promise<T>) =>
    stores.use(nameArgument(call, 0), failure, work);

  return async (call) => {
    switch (call.method) {
      case 'get':
        return use(call, 'failed to get object', async (store) => {
          const blob = await store.getBlob(objectName(call));
          if (blob === null) throw new Error('no such object');
          return bytesResult(blob);
        });
      case 'put':
        // The text that Nex gives when a put fails is empty.
        return use(call, '', async (store) => {
          const meta = { name: objectName(call), options: { max_chunk_size: chunkSize } };
          return jsonResult(objectInfo(await store.putBlob(meta, bytesArgument(call, 2))));
        });
      case 'delete':
        await use(call, 'failed to delete object', async (store) => {
          // One that was deleted before is known still.
          if ((await store.info(objectName(call))) === null) throw new Error('no such object');
          await store.delete(objectName(call));
        });
        return nothing;
      case 'list':
        return use(call, 'failed to list objects', async (store) => {
          const objects = (await store.list()).filter((object) => !object.deleted);
          if (objects.length === 0) throw new Error('no objects found');
          return jsonResult(objects.map(objectInfo));
        });
      default:
        throw new HostServiceError(`No such method: objectStore.${call.method}`, 404);
    }
  };
}

/** Chunk size in bytes of objects put through Nex. */
const chunkSize = 131_072;

function objectName(call: HostCall): string {
  const name = nameArgument(call, 1);
  if (name === '') throw new HostServiceError('name is required', 400);
  return name;
}

/** nats.go's JSON of an ObjectInfo, which leaves out what is empty. */
function objectInfo(info: ObjectInfo): Record<string, unknown> {
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
