import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { after } from 'mocha';
import { z } from 'zod';

export interface TestNode {
  readonly nodeId: string;
  readonly url: string;
  readonly pid: number;
  /** Temporary directory of this node alone: functions can be written here; gone with the node. */
  readonly directory: string;
  /** What a child process needs to find this node and no other: its runtime directory and keys. */
  readonly environment: NodeJS.ProcessEnv;
  /** Resolves when the node's process is gone. */
  readonly exited: Promise<number | null>;
  connect(): Promise<NatsConnection>;
  stop(): Promise<void>;
}

const readySchema = z.object({ event: z.literal('ready'), url: z.string(), node: z.string() });

/**
 * A real node with its own nats-server, as `nexdev up` starts them, in directories of its own. Ends with the suite at
 * the latest, and its directory (`home`, where one is given) with it. Runs what is built: `npm test` builds first.
 */
export async function startTestNode(flags: string[] = [], home?: string): Promise<TestNode> {
  const directory = home ?? (await mkdtemp(join(tmpdir(), 'nexdev-test-node-')));
  const environment = testEnvironment(directory);
  const child = spawn(
    process.execPath,
    [nexdevPath, 'up', '--json', '--port', '0', '--store-dir', join(directory, 'store'), ...flags],
    { env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const connections: NatsConnection[] = [];
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      await Promise.all(connections.map((connection) => connection.close()));
      child.kill('SIGINT');
      await exited;
      await rm(directory, { recursive: true, force: true });
    })();
    return stopping;
  };
  after(stop);
  const { url, node } = await readyLine(child);
  return {
    nodeId: node,
    url,
    pid: child.pid ?? -1,
    directory,
    environment,
    exited,
    connect: async () => {
      const connection = await connect({ servers: url });
      connections.push(connection);
      return connection;
    },
    stop,
  };
}

/** The built CLI, and the Node that runs it: the one that runs the tests. */
export const nexdevPath = resolve('dist/nexdev.cjs');

/** An environment whose node files and keys are in `directory`; caches stay the user's. */
export function testEnvironment(directory: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? '', '.cache'),
    NEXDEV_RUNTIME_DIR: join(directory, 'run'),
    HOME: directory,
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
