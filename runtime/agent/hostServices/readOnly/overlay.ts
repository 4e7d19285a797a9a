import { HostServiceError } from '../hostService.ts';

/** What was written to buckets and is in none of them: seen by the invocation that wrote it, and gone with it. */
export class Overlay<Value> {
  readonly #buckets = new Map<string, Map<string, Value | undefined>>();

  /** The values of one bucket; undefined stands for what was deleted. */
  of(bucket: string): Map<string, Value | undefined> {
    const known = this.#buckets.get(bucket);
    if (known !== undefined) return known;
    const made = new Map<string, Value | undefined>();
    this.#buckets.set(bucket, made);
    return made;
  }

  clear(): void {
    this.#buckets.clear();
  }
}

/** What a bucket says; `none` where there is no such bucket, which a copy does not make. */
export async function orNone<Result>(asked: Promise<Result>, none: Result): Promise<Result> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof HostServiceError && error.code === 404) return none;
    throw error;
  }
}
