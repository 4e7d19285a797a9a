import { requireTrust } from '../programFile.ts';
import type { Services } from '../services.ts';

/** Starts the local node, or links to the one that runs. Resolves with its NATS URL. */
export async function startNode({ link }: Services): Promise<string> {
  requireTrust();
  return (await link.ensure()).url;
}
