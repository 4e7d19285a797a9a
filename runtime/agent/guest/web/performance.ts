import { tag } from './tag.ts';
import type { WebHost } from './webHost.ts';

/** `performance.now()`, counted from its first use. */
export function createPerformance(host: WebHost): object {
  const now = () => Number(host('monotonicMs'));
  const start = now();
  return tag('Performance', { now: () => now() - start });
}
