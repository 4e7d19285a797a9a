import { fileURLToPath } from 'node:url';
import { Objm } from '@nats-io/obj';
import { sourceRecordSchema, sourcesBucket } from '../../runtime/protocol/sources.ts';
import type { LinkedNode } from './nodeLink.ts';

/** Files that an artifact was made from; none where nobody stored them. */
export async function readSourceFiles({ connection }: LinkedNode, hash: string): Promise<string[]> {
  try {
    const store = await new Objm(connection).open(sourcesBucket.name);
    const bytes = await store.getBlob(hash);
    if (bytes === null) return [];
    const record = sourceRecordSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return record.sources
      .map(({ url }) => url)
      .filter(isFile)
      .map((url) => fileURLToPath(url));
  } catch {
    // Without a record, the program itself is the only file known.
    return [];
  }
}

const isFile = (url: string) => url.startsWith('file:');
