import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { upLineSchema } from '../../../runtime/protocol/cliLines.ts';
import { startConfiguredServer } from '../../support/configuredServer.ts';
import { runningExtension } from './world.ts';

/** Who may log in, with the password `secret`. */
const users = `
authorization {
  users: [
    { user: alice, password: secret }
    { user: storeless, password: secret, permissions: { publish: { deny: "$JS.>" } } }
    { user: deaf, password: secret, permissions: { subscribe: { deny: "$NEX.events.>" } } }
  ]
}`;

export interface SecondNats {
  readonly url: string;
  /** Of the node there, which accepts this user's key. */
  readonly nodeId: string;
  stop(): Promise<void>;
}

/** A NATS that is not this window's, with users of its own and a node that joined it. */
export async function startSecondNats(): Promise<SecondNats> {
  const url = await startConfiguredServer(users);
  const directory = await mkdtemp(join(tmpdir(), 'nexdev-second-'));
  const { extensionPath } = await runningExtension();
  const login = ['--server', url, '--user', 'alice', '--password', 'secret'];
  const nexdev = join(extensionPath, 'dist', 'nexdev.cjs');
  const node = spawn(process.execPath, [nexdev, 'up', '--json', ...login], {
    // Not among the local nodes.
    env: { ...process.env, NEXDEV_RUNTIME_DIR: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    const ended = once(node, 'exit');
    if (node.exitCode === null && node.kill('SIGINT')) await ended;
    await rm(directory, { recursive: true, force: true });
  };
  return { url, nodeId: await readyNode(node), stop };
}

async function readyNode({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the node has no output');
  for await (const text of createInterface({ input: stdout })) {
    const line = upLineSchema.parse(JSON.parse(text));
    if (line.event === 'ready') return line.node;
  }
  throw new Error('the node ended before it was ready');
}
