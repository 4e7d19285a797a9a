import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { NexError } from '../protocol/nexError.ts';
import { identifyProcess, isAlive, type ProcessIdentity } from './processIdentity.ts';
import { endProcess, stopDeadline, waitForEnd } from './endProcess.ts';
import { askListener, type ServerInfo } from './serverInfo.ts';
import { isRecentEnough } from './serverVersion.ts';
import {
  claimStore,
  readStoreState,
  replaceStoreState,
  updateStoreState,
  type StoreState,
} from './storeState.ts';

/** A healthy server that a crashed run has left in the store directory. */
export interface LeftOverServer {
  server: ProcessIdentity;
  port: number;
  info: ServerInfo;
}

export interface TakenStore {
  state: StoreState;
  leftOver?: LeftOverServer;
}

/**
 * Makes this process the one that uses a store directory. A server left over by a crashed run is handed back where it
 * can be used on the asked port (0 or undefined: any), else ended; what it has stored stays.
 */
export async function takeStore(directory: string, port: number | undefined): Promise<TakenStore> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const owner = await identifyProcess(process.pid);
  if (owner === undefined) throw new Error('this process cannot find its own start time');
  const fresh: StoreState = { id: `nexdev-${randomUUID()}`, owner };
  const found = await readStoreState(directory);
  if (found === undefined) {
    return (await claimStore(directory, fresh)) ? { state: fresh } : takeStore(directory, port);
  }
  if (await isAlive(found.owner)) throw inUse(directory, found.owner.pid);
  const heir: StoreState = { ...found, owner };
  delete heir.watcher;
  if (!(await replaceStoreState(directory, found, heir))) return takeStore(directory, port);
  const leftOver = await keepOrEnd(found, port);
  if (leftOver !== undefined) return { state: heir, leftOver };
  await updateStoreState(directory, fresh);
  return { state: fresh };
}

async function keepOrEnd(
  found: StoreState,
  port: number | undefined,
): Promise<LeftOverServer | undefined> {
  const { server, watcher } = found;
  if (server === undefined || !(await isAlive(server))) return undefined;
  // The watcher of the crashed run is about to end its server: using it now would be a race.
  if (watcher !== undefined && (await isAlive(watcher))) await waitForEnd(server, stopDeadline);
  else if (suits(found.port, port)) {
    const listener = await askListener(found.port);
    if (listener.kind === 'nats' && isHealthy(listener.info, found.id)) {
      return { server, port: found.port, info: listener.info };
    }
  }
  await endProcess(server, unansweredDeadline);
  return undefined;
}

/** A server that nobody uses and that does not suit has nothing left to finish; in ms. */
const unansweredDeadline = 2000;

const suits = (has: number | undefined, asked: number | undefined): has is number =>
  has !== undefined && (asked === undefined || asked === 0 || asked === has);

const isHealthy = (info: ServerInfo, id: string) =>
  info.server_name === id && info.jetstream === true && isRecentEnough(info.version);

const inUse = (directory: string, pid: number) =>
  new NexError(
    'store-in-use',
    `The store directory ${directory} is already used by the process with pid ${pid}.`,
    { remedy: 'Stop that one first, or choose another directory with --store-dir.' },
  );
