import { join } from 'node:path';
import { runtimeDirectory, type NodeFile } from '../protocol/nodeFile.ts';
import { connectNats } from './connectNats.ts';
import { ControlClient } from './controlClient.ts';
import { acquireLock } from './fileLock.ts';
import { loginFiles, type LoginFiles } from './natsTarget.ts';
import { listNodeFiles } from './nodeFiles.ts';
import { spawnNode, type SpawnOptions } from './spawnNode.ts';

export interface LocalNode extends LoginFiles {
  nodeId: string;
  /** NATS that it is on. */
  url: string;
  /** False where it ran already. */
  started: boolean;
}

/**
 * Finds the living local node that fits, or starts one that lives as long as somebody holds a lease on it (take one
 * within ten seconds: `holdLease`). Two callers at once end up with the same node. Throws the NexError that the node
 * failed with, `node-start-failed` where it left none, `cancelled` when aborted.
 */
export async function startLocalNode(options: SpawnOptions): Promise<LocalNode> {
  const running = await findLocalNode(options);
  if (running !== undefined) return running;
  const lock = await acquireLock(join(runtimeDirectory(), 'start.lock'), options.signal);
  try {
    return (await findLocalNode(options)) ?? { ...(await spawnNode(options)), started: true };
  } finally {
    await lock.release();
  }
}

/** A living local node on the NATS of `join`, or, without that, one on a NATS server of its own. */
export async function findLocalNode({ join: target }: Pick<SpawnOptions, 'join'> = {}): Promise<
  LocalNode | undefined
> {
  const fits = ({ url, ownsServer }: NodeFile) =>
    target === undefined ? ownsServer : namesServer(target.server, url);
  for (const file of (await listNodeFiles()).filter(fits)) {
    if (await answers(file)) {
      const { nodeId, url } = file;
      return { ...loginFiles(file), nodeId, url, started: false };
    }
  }
  return undefined;
}

/** Whether one of the URLs that somebody wrote is that of a server, however it is written. */
const namesServer = (written: string | undefined, url: string): boolean =>
  (written ?? '').split(',').some((each) => addressOf(each) === addressOf(url));

/** Host and port; who logs in there, and how, is another matter. */
function addressOf(url: string): string {
  const text = url.trim();
  const parsed = URL.parse(text.includes('://') ? text : `nats://${text}`);
  if (parsed === null) return text;
  const { hostname, port } = parsed;
  return `${hostname === 'localhost' ? '127.0.0.1' : hostname}:${port === '' ? '4222' : port}`;
}

/** A pid may belong to another program by now; an answer cannot. */
async function answers({ nodeId, url, ...file }: NodeFile): Promise<boolean> {
  try {
    await using connection = await connectNats({
      ...loginFiles(file),
      server: url,
      name: 'nex-devrun look-up',
    });
    await new ControlClient(connection, { timeoutMs: 2000 }).ping(nodeId);
    return true;
  } catch {
    return false;
  }
}
