import { markers, nothingReceived, type Received } from '../protocol/handOver.ts';
import type { TriggerJob } from './invocation.ts';
import { jobKey } from './jobKey.ts';

/** What an old version gets while a new one takes over. */
export class ReceivedJobs {
  readonly all: Received = structuredClone(nothingReceived);
  #marker: string | undefined;

  sawMarker(marker: string): void {
    this.#marker = marker;
  }

  add(job: TriggerJob): void {
    if (this.#marker === undefined) return;
    const list = this.#marker === markers[0] ? this.all.early : this.all.keys;
    list.push(jobKey(job));
  }
}
