import { spawn, type ChildProcess } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRuntimeNode, type RuntimeNode } from './runtimeNode.ts';
import { unfitReason } from './runtimeNodeProbe.ts';

/** Set for a process that was started again, so that it ends with the one that the person started. */
const restartedVariable = 'NEXDEV_STARTED_AGAIN';

const passedOnSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * For the first line of an entry file: `if (await ensureFittingNode()) await main();`. True where this Node can run
 * functions. Else the same command has been run by a Node that can, with this process's exit code set to its; rejects
 * with NexError `node-missing` where there is none.
 */
export async function ensureFittingNode(): Promise<boolean> {
  if (unfitReason(process.versions) === undefined) {
    endWithStarter();
    return true;
  }
  process.exitCode = await runAgain(await findRuntimeNode({ environment: withOwnNode() }));
  return false;
}

/** Last on PATH: the Node that `npm ci` put into a clone for its scripts, seen from the clone's `dist`. */
function withOwnNode(): NodeJS.ProcessEnv {
  const own = fileURLToPath(new URL('../node_modules/node/bin', import.meta.url));
  return { ...process.env, PATH: [process.env['PATH'] ?? '', own].join(delimiter) };
}

/** A starter that was killed cannot pass on a signal: its end of the channel tells. */
function endWithStarter(): void {
  if (process.env[restartedVariable] === undefined) return;
  Reflect.deleteProperty(process.env, restartedVariable);
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}

async function runAgain(node: RuntimeNode): Promise<number> {
  const child = spawn(node.path, [...node.args, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [restartedVariable]: '1' },
  });
  const stopPassingOn = passOnSignals(child);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  } finally {
    stopPassingOn();
  }
}

/** A Ctrl-C in a terminal reaches both anyway; this process then only waits for the other. */
function passOnSignals(child: ChildProcess): () => void {
  const listeners = passedOnSignals.map((signal) => {
    const listener = () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => listeners.forEach((off) => off());
}
