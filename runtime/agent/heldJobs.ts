import { markers, type Received } from '../protocol/handOver.ts';
import type { TriggerJob } from './invocation.ts';
import { jobKey } from './jobKey.ts';

/** What a new version gets before it may run it. */
export class HeldJobs {
  #early: TriggerJob[] = [];
  #late: TriggerJob[] = [];
  #marker: string | undefined;

  sawMarker(marker: string): void {
    this.#marker = marker;
  }

  add(job: TriggerJob): void {
    (this.#marker === markers[2] ? this.#late : this.#early).push(job);
  }

  /** In order. */
  get all(): TriggerJob[] {
    return [...this.#early, ...this.#late];
  }

  /** Forgets what the other version has got. */
  forget({ early, keys }: Received): void {
    const earlyCounts = count(early);
    const counts = count(keys);
    const isNew = (job: TriggerJob) => !takeOne(counts, job);
    this.#early = this.#early.filter((job) => !takeOne(earlyCounts, job) && isNew(job));
    this.#late = this.#late.filter(isNew);
  }
}

function count(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Whether there was one of such. */
function takeOne(counts: Map<string, number>, job: TriggerJob): boolean {
  const key = jobKey(job);
  const number = counts.get(key) ?? 0;
  if (number > 0) counts.set(key, number - 1);
  return number > 0;
}
