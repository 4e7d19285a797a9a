import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isProcessAlive } from '../../../runtime/client/nodeFiles.ts';
import { nodeFileSchema, nodeFilesDirectory } from '../../../runtime/protocol/nodeFile.ts';

/** A lease ends ten seconds after the last renewal; a server's extension host a little after its page. */
const leaveMs = 60_000;

/** Awaits the end of a node whose window was closed. */
export async function nodeEnd(pid: number): Promise<void> {
  const deadline = Date.now() + leaveMs;
  while (isProcessAlive(pid) && Date.now() < deadline) await pause(200);
  assert.equal(isProcessAlive(pid), false, `the node, process ${pid}, is still there`);
}

/** Awaits the end of every node of an environment: their windows are closed. */
export async function nodesEnd(environment: NodeJS.ProcessEnv): Promise<void> {
  const files = globSync(join(nodeFilesDirectory(environment), '*.json'));
  const nodes = files.map((file) => nodeFileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))));
  for (const { pid } of nodes) await nodeEnd(pid);
}
