import type { NatsConnection } from '@nats-io/transport-node';
import { Objm } from '@nats-io/obj';
import { jetStream } from '../protocol/jetStream.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { sourceRecordSchema, sourcesBucket, type SourceRecord } from '../protocol/sources.ts';

/** Reads what an artifact was made from. Throws the NexError `no-source-record`. */
export async function readSourceRecord(
  connection: NatsConnection,
  hash: string,
): Promise<SourceRecord> {
  try {
    const store = await new Objm(jetStream(connection)).open(sourcesBucket.name);
    const bytes = await store.getBlob(hash);
    if (bytes === null) throw new Error('there is none');
    return sourceRecordSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new NexError(
      'no-source-record',
      `The sources of this workload (${hash}) cannot be read: ${errorText(cause)}.`,
      { remedy: 'Deploy it with Nex Devrun, which stores them.', cause },
    );
  }
}
