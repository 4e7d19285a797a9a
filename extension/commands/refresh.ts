import type { Services } from '../services.ts';

/** Reads all views anew. */
export async function refresh({ link, nodesView, jetStream }: Services): Promise<void> {
  await link.linkIfRunning();
  nodesView.refresh();
  jetStream.refresh();
}
