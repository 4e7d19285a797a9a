import { withinLimit } from './hostService.ts';

/** Both services provision missing buckets with this size in bytes (`host-services/builtins`). */
export const provisionedBytes = 524_288;
/** Time in ms that one call to a bucket may take, and opening it once more. */
const bucketCallMs = 1500;

/** Opens each bucket once per agent, and anew after a failure: somebody may have deleted it meanwhile. */
export class BucketCache<Bucket> {
  readonly #buckets = new Map<string, Promise<Bucket>>();
  readonly #open: (name: string) => Promise<Bucket>;
  readonly #openFailure: string;

  /** `openFailure` is Nex's text for a bucket that cannot be had. */
  constructor(openFailure: string, open: (name: string) => Promise<Bucket>) {
    this.#openFailure = openFailure;
    this.#open = open;
  }

  /** Runs `work` on a bucket; `failure` is Nex's text for what goes wrong in it. */
  async use<T>(name: string, failure: string, work: (bucket: Bucket) => Promise<T>): Promise<T> {
    try {
      const bucket = await withinLimit(bucketCallMs, this.#openFailure, () => this.#get(name));
      return await withinLimit(bucketCallMs, failure, () => work(bucket));
    } catch (error) {
      this.#buckets.delete(name);
      throw error;
    }
  }

  #get(name: string): Promise<Bucket> {
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    const opening = this.#open(name);
    this.#buckets.set(name, opening);
    return opening;
  }
}
