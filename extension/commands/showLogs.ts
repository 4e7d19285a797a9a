import type { Services } from '../services.ts';

/** Shows the log channel: what the node says and what functions print. */
export function showLogs({ log }: Services): void {
  log.show(true);
}
