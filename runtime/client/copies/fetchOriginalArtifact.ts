import { createHash } from 'node:crypto';
import { Objm, type ObjectStore } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { createArtifact, type Artifact } from '../../artifact/artifact.ts';
import { buildArtifact } from '../../artifact/buildArtifact.ts';
import { artifactBucket } from '../../protocol/controlApi.ts';
import { jetStream } from '../../protocol/jetStream.ts';
import { NexError, errorText } from '../../protocol/nexError.ts';
import type { SourceRecord } from '../../protocol/sources.ts';
import { readSourceRecord } from '../sourceRecords.ts';
import type { Original } from './findOriginal.ts';

interface Places {
  /** The NATS that the original is on. */
  original: NatsConnection;
  /** This user's own. */
  local: NatsConnection;
  /** File that it was built from, where that is here. */
  program: string | undefined;
}

/**
 * What an original runs, byte for byte, and its sources as far as they are known. Where its bytes are nowhere any more,
 * the file given is built, and `isSame` is false. Throws `artifact-not-found`.
 */
export async function fetchOriginalArtifact(
  original: Original,
  { original: connection, local, program }: Places,
): Promise<{ artifact: Artifact; isSame: boolean }> {
  const built = program === undefined ? undefined : await buildArtifact(program, original);
  if (built?.hash === original.hash) return { artifact: built, isSame: true };
  const record =
    (await readRecord(connection, original.hash)) ?? (await readRecord(local, original.hash));
  const fetched = await fetchBytes(connection, original);
  const bytes = [fetched.bytes, textOf(record)].find((each) => each && isHashOf(each, original));
  if (bytes !== undefined) {
    const { type } = original;
    const artifact = createArtifact({
      type,
      bytes,
      record: record ?? madeUpRecord(original, bytes),
    });
    return { artifact, isSame: true };
  }
  if (built !== undefined) return { artifact: built, isSame: false };
  throw notFound(original, fetched.reason);
}

async function readRecord(
  connection: NatsConnection,
  hash: string,
): Promise<SourceRecord | undefined> {
  try {
    return await readSourceRecord(connection, hash);
  } catch (error) {
    // A plain `nex` client leaves none.
    if (error instanceof NexError) return undefined;
    throw error;
  }
}

/** The object of its name, or any other: another version may have taken that name. */
async function fetchBytes(
  connection: NatsConnection,
  { name, hash }: Original,
): Promise<{ bytes?: Uint8Array; reason: string }> {
  const digest = `SHA-256=${Buffer.from(hash, 'hex').toString('base64url')}=`;
  try {
    const manager = new Objm(jetStream(connection));
    const store = await manager.open(artifactBucket.name);
    const key = (await store.info(name))?.digest === digest ? name : await findKey(store, digest);
    const bytes = key === undefined ? null : await store.getBlob(key);
    const reason = 'another version has taken its place';
    return bytes === null ? { reason } : { bytes, reason };
  } catch (error) {
    return { reason: errorText(error) };
  }
}

const findKey = async (store: ObjectStore, digest: string): Promise<string | undefined> =>
  (await store.list()).find((object) => !object.deleted && object.digest === digest)?.name;

/** The text that runs, which the record of a script has. */
function textOf(record: SourceRecord | undefined): Uint8Array | undefined {
  const source = record?.sources.find(({ url }) => url === record.scriptUrl)?.content;
  const text = record?.script ?? source;
  return text === undefined ? undefined : Buffer.from(text);
}

const isHashOf = (bytes: Uint8Array, { hash }: Original) =>
  createHash('sha256').update(bytes).digest('hex') === hash;

/** Of a function whose file nobody knows: its text is all there is to see. */
function madeUpRecord({ name, type }: Original, bytes: Uint8Array): SourceRecord {
  const program = `/nex/${name}.${type === 'wasm' ? 'wasm' : 'js'}`;
  const url = `file://${program}`;
  const content = Buffer.from(bytes).toString('utf8');
  const sources = type === 'wasm' ? [] : [{ url, content }];
  return { program, scriptUrl: url, sources };
}

const notFound = ({ name, hash }: Original, reason: string) =>
  new NexError(
    'artifact-not-found',
    `What ${name} runs (SHA-256 ${hash}) is not in ${artifactBucket.name} any more: ${reason}.`,
    { remedy: 'Give the file that it was built from as "program" in the debug configuration.' },
  );
