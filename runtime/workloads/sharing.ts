import { isDeepStrictEqual } from 'node:util';
import type { WorkloadDefinition } from './workloadDefinition.ts';

/** Whether `next` may run in the agent of `old`: with its connections, its subscriptions, and what the process is allowed. */
export const fit = (old: WorkloadDefinition, next: WorkloadDefinition): boolean =>
  !next.waitForDebugger && isDeepStrictEqual(sharedBy(old), sharedBy(next));

const sharedBy = ({ type, triggerSubjects, limits, nats, nodeNats }: WorkloadDefinition) => ({
  type,
  triggerSubjects,
  limits,
  nats,
  nodeNats,
});

/** What V8 keeps of versions that are gone does not add up for ever. */
export const hasRoom = ({ now, ever }: { now: number; ever: number }): boolean =>
  now < 4 && ever < 200;
