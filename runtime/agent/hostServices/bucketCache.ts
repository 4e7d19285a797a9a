/** Opens each bucket once per agent; one that failed, or was dropped, is opened anew. */
export class BucketCache<Bucket> {
  readonly #buckets = new Map<string, Promise<Bucket>>();
  readonly #open: (name: string) => Promise<Bucket>;

  constructor(open: (name: string) => Promise<Bucket>) {
    this.#open = open;
  }

  async get(name: string): Promise<Bucket> {
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    const opening = this.#open(name);
    this.#buckets.set(name, opening);
    try {
      return await opening;
    } catch (error) {
      this.#buckets.delete(name);
      throw error;
    }
  }

  /** Somebody may have deleted the bucket meanwhile: after a failure the next call looks again. */
  forget(name: string): void {
    this.#buckets.delete(name);
  }
}

/** Both services provision missing buckets with this size in bytes (`host-services/builtins`). */
export const provisionedBytes = 524_288;
/** Time in ms that one call to a bucket may take. */
export const bucketCallMs = 1500;
