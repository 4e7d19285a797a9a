import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Objm, type ObjectStore } from '@nats-io/obj';
import type { Artifact } from '../artifact/artifact.ts';
import { artifactBucket } from '../protocol/controlApi.ts';
import type { Warning } from '../protocol/warnings.ts';
import { jetStream } from '../protocol/jetStream.ts';
import { explainNats } from '../protocol/natsFailures.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { objectDigest } from '../protocol/objectDigest.ts';
import { sourcesBucket } from '../protocol/sources.ts';

/**
 * Puts an artifact where nodes fetch it (`NEXCLIFILES`, under its name), and its sources where debuggers find
 * them for good (`NEXDEV_SOURCES`, under its hash). Answers warnings; only the artifact itself is indispensable.
 *
 * @param maxBytes size of the artifacts' bucket, where it has to be made
 */
export async function uploadArtifact(
  connection: NatsConnection,
  artifact: Artifact,
  maxBytes: number = artifactBucket.maxBytes,
): Promise<Warning[]> {
  const [warnings] = await Promise.all([
    uploadSources(connection, artifact),
    uploadBytes(connection, artifact, maxBytes),
  ]);
  return warnings;
}

async function uploadBytes(
  connection: NatsConnection,
  artifact: Artifact,
  maxBytes: number,
): Promise<void> {
  const description = 'Ad hoc object storage for NEX CLI developer mode uploads';
  try {
    await inBucket(
      connection,
      { name: artifactBucket.name, maxBytes, description },
      async (store) => {
        await store.putBlob({ name: artifact.name }, artifact.bytes);
      },
    );
  } catch (cause) {
    throw describeUploadError(cause);
  }
}

async function uploadSources(connection: NatsConnection, artifact: Artifact): Promise<Warning[]> {
  const description = 'Sources of Nex Devrun artifacts';
  const record = Buffer.from(JSON.stringify(artifact.record));
  try {
    await inBucket(connection, { ...sourcesBucket, description }, async (store) => {
      // Two files with the same text are one artifact: the record names the file that was deployed last.
      const stored = await store.info(artifact.hash);
      if (stored?.digest !== objectDigest(record)) {
        await store.putBlob({ name: artifact.hash }, record);
      }
    });
    return [];
  } catch (error) {
    return [
      {
        code: 'sources-not-stored',
        text: `Its sources could not be stored in ${sourcesBucket.name} (${errorText(explainNats(error))}): debugging may not find them.`,
      },
    ];
  }
}

/**
 * Works in a bucket, which is made where it is missing; one that somebody else made with other settings is taken as it
 * is. That it is there, and JetStream too, is not asked beforehand: the answer to the work's first question tells.
 */
async function inBucket(
  connection: NatsConnection,
  { name, maxBytes, description }: { name: string; maxBytes: number; description: string },
  work: (store: ObjectStore) => Promise<void>,
): Promise<void> {
  const manager = new Objm(jetStream(connection));
  try {
    await work(await manager.open(name, false));
  } catch (error) {
    if (!isBucketMissing(error)) throw error;
    await work(await manager.create(name, { description, max_bytes: maxBytes }));
  }
}

const isBucketMissing = (error: unknown) =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;

function describeUploadError(cause: unknown): unknown {
  const explained = explainNats(cause);
  if (explained instanceof NexError) return explained;
  const text = `The artifact cannot be uploaded to ${artifactBucket.name}: ${errorText(cause)}`;
  return new NexError('upload-failed', text, {
    remedy: `Look at the object store with \`nats object info ${artifactBucket.name}\`: it may be full.`,
    cause,
  });
}
