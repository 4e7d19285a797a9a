import type { Services } from '../services.ts';

/** Reads all views anew. */
export async function refresh({
  connections,
  link,
  nodesView,
  jetStream,
}: Services): Promise<void> {
  await link.linkIfRunning();
  await connections.refresh();
  nodesView.refresh();
  jetStream.refresh();
}
