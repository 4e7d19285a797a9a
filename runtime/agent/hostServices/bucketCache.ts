import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { jetStreamManager } from '../../protocol/jetStream.ts';
import { HostServiceError, withinLimit } from './hostService.ts';

/** Both services provision missing buckets with this size in bytes (`host-services/builtins`). */
export const provisionedBytes = 524_288;
/** Time in ms that one call to a bucket may take, and opening it once more. */
export const bucketCallMs = 1500;

/** Runs `work` on a bucket; `failure` is Nex's text for what goes wrong in it. */
export type UseBucket<Bucket> = <T>(
  name: string,
  failure: string,
  work: (bucket: Bucket) => Promise<T>,
) => Promise<T>;

/** One of the two kinds of buckets. */
export interface BucketKind<Bucket> {
  /** Nex's text for a bucket that cannot be had. */
  readonly openFailure: string;
  /** What the name of a bucket's stream begins with. */
  readonly streamPrefix: string;
  /** Opens a bucket that is there. */
  open(name: string): Promise<Bucket>;
  /** Opens it, and makes it where it is missing. */
  provision(name: string): Promise<Bucket>;
}

/** Opens each bucket once per agent, and anew after a failure: somebody may have deleted it meanwhile. */
export class BucketCache<Bucket> {
  readonly #buckets = new Map<string, Promise<Bucket>>();
  readonly #connection: NatsConnection;
  readonly #kind: BucketKind<Bucket>;
  readonly #mayWrite: (name: string) => boolean;

  /** What may not be written is not made either. */
  constructor(
    connection: NatsConnection,
    kind: BucketKind<Bucket>,
    mayWrite: (name: string) => boolean,
  ) {
    this.#connection = connection;
    this.#kind = kind;
    this.#mayWrite = mayWrite;
  }

  readonly use: UseBucket<Bucket> = async (name, failure, work) => {
    try {
      const { openFailure } = this.#kind;
      const bucket = await withinLimit(bucketCallMs, openFailure, () => this.#get(name));
      return await withinLimit(bucketCallMs, failure, () => work(bucket));
    } catch (error) {
      this.#buckets.delete(name);
      throw error;
    }
  };

  #get(name: string): Promise<Bucket> {
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    const opening = this.#mayWrite(name) ? this.#kind.provision(name) : this.#open(name);
    this.#buckets.set(name, opening);
    return opening;
  }

  async #open(name: string): Promise<Bucket> {
    const { streamPrefix, openFailure } = this.#kind;
    const manager = await jetStreamManager(this.#connection);
    try {
      await manager.streams.info(streamPrefix + name);
    } catch (error) {
      if (isStreamMissing(error)) throw new HostServiceError(openFailure, 404, 'there is none');
      throw error;
    }
    return this.#kind.open(name);
  }
}

const isStreamMissing = (error: unknown) =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
