import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Starts a script of this folder as a process; resolves when it says that it is ready. */
export async function startChild(script: string, args: string[]): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, script), args, {
    execArgv: ['--no-node-snapshot'],
  });
  await once(child, 'message');
  return child;
}
