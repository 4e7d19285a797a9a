import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A node that was started for an editor may stay for ten seconds after it. */
const patienceMs = 20_000;

/**
 * What a test run left behind for good: processes that name its temporary directory, and directories of ours in it. Empty
 * where everything cleaned up after itself.
 */
export async function findLeftovers(temporary: string): Promise<string[]> {
  const deadline = Date.now() + patienceMs;
  let left = leftNow(temporary);
  while (left.length > 0 && Date.now() < deadline) {
    await pause(200);
    left = leftNow(temporary);
  }
  return left;
}

function leftNow(temporary: string): string[] {
  const processes = execFileSync('ps', ['-e', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(temporary) && !line.includes('test/run.ts'))
    .map((line) => `process ${line.trim().slice(0, 200)}`);
  const directories = readdirSync(temporary)
    .filter((name) => name.startsWith('nexdev-'))
    .map((name) => `directory ${join(temporary, name)}`);
  return [...processes, ...directories];
}
