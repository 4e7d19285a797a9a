import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a test run left behind: processes that name its temporary directory, and directories of ours in it. Empty where
 * everything cleaned up after itself.
 */
export function findLeftovers(temporary: string): string[] {
  const processes = execFileSync('ps', ['-e', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(temporary) && !line.includes('test/run.ts'))
    .map((line) => `process ${line.trim().slice(0, 200)}`);
  const directories = readdirSync(temporary)
    .filter((name) => name.startsWith('nexdev-'))
    .map((name) => `directory ${join(temporary, name)}`);
  return [...processes, ...directories];
}
