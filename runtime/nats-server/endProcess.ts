import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './processIdentity.ts';

/** How long a server gets to end by itself before it is killed, in ms. */
export const stopDeadline = 10_000;

const pollMs = 25;

/** True once the process is gone, false where it still runs at the deadline (ms). Nothing tells of another's child. */
export async function waitForEnd(identity: ProcessIdentity, deadline: number): Promise<boolean> {
  const until = performance.now() + deadline;
  while (await isAlive(identity)) {
    if (performance.now() > until) return false;
    await delay(pollMs);
  }
  return true;
}

/** Ends a process that may not be our child: politely first, by force at the deadline (ms). Never another's pid. */
export async function endProcess(identity: ProcessIdentity, deadline: number): Promise<void> {
  await send(identity, 'SIGTERM');
  if (await waitForEnd(identity, deadline)) return;
  await send(identity, 'SIGKILL');
  await waitForEnd(identity, deadline);
}

async function send(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if (!(await isAlive(identity))) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if (await isAlive(identity)) throw error;
  }
}
