import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { isProcessAlive } from '../../../runtime/client/nodeFiles.ts';

/** A lease ends ten seconds after the last renewal; a server's extension host a little after its page. */
const leaveMs = 60_000;

/** Awaits the end of a node whose window was closed. */
export async function nodeEnd(pid: number): Promise<void> {
  const deadline = Date.now() + leaveMs;
  while (isProcessAlive(pid) && Date.now() < deadline) await pause(200);
  assert.equal(isProcessAlive(pid), false, `the node, process ${pid}, is still there`);
}
