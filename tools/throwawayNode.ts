import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { cacheDirectory } from '../runtime/protocol/programs.ts';

export interface ThrowawayNode {
  readonly nodeId: string;
  readonly url: string;
  readonly pid: number;
  /** Temporary directory of this node alone: functions can be written here; gone with the node. */
  readonly directory: string;
  /** What a child process needs to find this node and no other: its runtime directory and keys. */
  readonly environment: NodeJS.ProcessEnv;
  /** Resolves with the exit code when the node's process is gone. */
  readonly exited: Promise<number | null>;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** The built CLI; this process's own Node runs it. */
export const nexdevPath = resolve(import.meta.dirname, '../dist/nexdev.cjs');

const readySchema = z.object({ event: z.literal('ready'), url: z.string(), node: z.string() });

/**
 * A real node with its own nats-server, as `nexdev up` starts them, in directories of its own (`home`, where one is
 * given), which go with it.
 */
export async function startThrowawayNode(
  flags: readonly string[] = [],
  home?: string,
): Promise<ThrowawayNode> {
  const directory = home ?? (await mkdtemp(join(tmpdir(), 'nexdev-')));
  const environment = isolatedEnvironment(directory);
  const child = spawn(
    process.execPath,
    [nexdevPath, 'up', '--json', '--port', '0', '--store-dir', join(directory, 'store'), ...flags],
    { env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const stop = async () => {
    child.kill('SIGINT');
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  let stopping: Promise<void> | undefined;
  try {
    const { url, node } = await readyLine(child);
    return {
      nodeId: node,
      url,
      pid: child.pid ?? -1,
      directory,
      environment,
      exited,
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An environment whose node files, keys and contexts of the `nats` CLI are in `directory`; caches stay the user's. */
export function isolatedEnvironment(directory: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NEXDEV_CACHE_DIR: cacheDirectory(),
    NEXDEV_RUNTIME_DIR: join(directory, 'run'),
    HOME: directory,
    XDG_CONFIG_HOME: join(directory, '.config'),
    USERPROFILE: directory,
  };
}

async function readyLine(child: ChildProcess) {
  const errors: string[] = [];
  child.stderr?.on('data', (data: Buffer) => errors.push(data.toString()));
  if (child.stdout === null) throw new Error('the node has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    return readySchema.parse(JSON.parse(line));
  }
  throw new Error(`the node ended before it was ready: ${errors.join('')}`);
}
