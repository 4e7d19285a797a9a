import type { StoredMsg, StreamInfo } from '@nats-io/jetstream';
import { Kvm, type KvEntry } from '@nats-io/kv';
import { jetStream, jetStreamManager } from '../../runtime/protocol/jetStream.ts';
import type { LinkedNode } from './nodeLink.ts';

const bucketPrefix = 'KV_';
const objectsPrefix = 'OBJ_';

export interface StreamEntry {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly messages: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export interface BucketEntry {
  readonly name: string;
  readonly values: number;
  readonly lastSeq: number;
}

export interface MessageEntry {
  readonly stream: string;
  readonly seq: number;
  readonly subject: string;
  readonly time: Date;
  readonly size: number;
}

export interface JetStreamEntries {
  readonly streams: readonly StreamEntry[];
  readonly buckets: readonly BucketEntry[];
}

/** How many of a stream's latest messages, and of a bucket's keys, are listed. */
export const listedMessages = 25;
export const listedKeys = 500;

/** Streams and KV buckets of the linked NATS server; both are JetStream streams there. */
export async function readJetStream({ connection }: LinkedNode): Promise<JetStreamEntries> {
  const manager = await jetStreamManager(connection);
  const infos: StreamInfo[] = [];
  for await (const info of manager.streams.list()) infos.push(info);
  infos.sort((a, b) => a.config.name.localeCompare(b.config.name));
  const isBucket = ({ config }: StreamInfo) => config.name.startsWith(bucketPrefix);
  const isStore = ({ config }: StreamInfo) => config.name.startsWith(objectsPrefix);
  return {
    streams: infos.filter((info) => !isBucket(info) && !isStore(info)).map(toStream),
    buckets: infos.filter(isBucket).map(toBucket),
  };
}

const toStream = ({ config, state }: StreamInfo): StreamEntry => ({
  name: config.name,
  subjects: config.subjects,
  messages: state.messages,
  firstSeq: state.first_seq,
  lastSeq: state.last_seq,
});

const toBucket = ({ config, state }: StreamInfo): BucketEntry => ({
  name: config.name.slice(bucketPrefix.length),
  values: state.messages,
  lastSeq: state.last_seq,
});

/** The latest messages of a stream, the newest first; ones deleted since are left out. */
export async function readLatestMessages(
  { connection }: LinkedNode,
  { name, firstSeq, lastSeq, messages }: StreamEntry,
): Promise<MessageEntry[]> {
  if (messages === 0) return [];
  const manager = await jetStreamManager(connection);
  const from = Math.max(firstSeq, lastSeq - listedMessages + 1);
  const numbers = Array.from({ length: lastSeq - from + 1 }, (_, index) => lastSeq - index);
  const found = await Promise.all(numbers.map((seq) => manager.streams.getMessage(name, { seq })));
  return found
    .filter((message) => message !== null)
    .map(({ seq, subject, time, data }) => ({
      ...{ stream: name, seq, subject, time },
      size: data.length,
    }));
}

export async function readMessage(
  { connection }: LinkedNode,
  stream: string,
  seq: number,
): Promise<StoredMsg | null> {
  const manager = await jetStreamManager(connection);
  return manager.streams.getMessage(stream, { seq });
}

/** Keys of a bucket in order of their names, not more than `listedKeys`. */
export async function readKeyNames({ connection }: LinkedNode, bucket: string): Promise<string[]> {
  const store = await new Kvm(jetStream(connection)).open(bucket);
  const names: string[] = [];
  for await (const name of await store.keys()) {
    names.push(name);
    if (names.length === listedKeys) break;
  }
  return names.sort((a, b) => a.localeCompare(b));
}

export async function readValue(
  { connection }: LinkedNode,
  bucket: string,
  key: string,
): Promise<KvEntry | null> {
  const store = await new Kvm(jetStream(connection)).open(bucket);
  return store.get(key);
}
