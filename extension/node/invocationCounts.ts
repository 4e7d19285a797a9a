import { z } from 'zod';
import { cloudEventSchema, type EventType } from '../../runtime/protocol/events.ts';
import type { SeenEvent } from '../liveUpdates.ts';
import type { WorkloadEntry } from './nodeEntries.ts';

const succeeded: EventType = 'function_exec_succeeded';
const failed: EventType = 'function_exec_failed';

const dataSchema = z.object({ workload_id: z.string() });

/** Invocations of workloads whose node counts none, since this window has been listening. */
export class InvocationCounts {
  readonly #counts = new Map<string, { invocations: number; failures: number }>();

  count({ type, body }: SeenEvent): void {
    const id = isCounted(type) ? workloadOf(body) : undefined;
    if (id === undefined) return;
    const counts = this.#counts.get(id) ?? { invocations: 0, failures: 0 };
    counts.invocations += 1;
    if (type === failed) counts.failures += 1;
    this.#counts.set(id, counts);
  }

  complete(workload: WorkloadEntry): WorkloadEntry {
    if (workload.invocations !== undefined) return workload;
    return { ...workload, ...this.#counts.get(workload.id) };
  }
}

const isCounted = (type: string) => type === succeeded || type === failed;

/** Anybody may publish there. */
function workloadOf(body: () => unknown): string | undefined {
  try {
    return dataSchema.parse(cloudEventSchema.parse(body()).data).workload_id;
  } catch {
    return undefined;
  }
}
