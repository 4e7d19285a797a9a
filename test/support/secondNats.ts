import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { upLineSchema } from '../../runtime/protocol/cliLines.ts';
import { startConfiguredServer } from './configuredServer.ts';

/** Who may log in, with the password `secret`; and little room for a message. */
const users = `
max_payload: 64KB
authorization {
  users: [
    { user: alice, password: secret }
    { user: storeless, password: secret, permissions: { publish: { deny: "$JS.>" } } }
    { user: deaf, password: secret, permissions: { subscribe: { deny: "$NEX.events.>" } } }
  ]
}`;

export const secondNodeName = 'far-away';

/** A NATS that is not this window's, with users of its own and a node that joined it. */
export interface SecondNats {
  readonly url: string;
  readonly nodeId: string;
  stop(): Promise<void>;
}

/** The node accepts the key of the user of `environment`, and is not among their local nodes. */
export async function startSecondNats(options: {
  nexdev: string;
  environment: NodeJS.ProcessEnv;
}): Promise<SecondNats> {
  const url = await startConfiguredServer(users);
  const directory = await mkdtemp(join(tmpdir(), 'nexdev-second-'));
  const flags = ['--server', url, '--user', 'alice', '--password', 'secret'];
  const args = [options.nexdev, 'up', '--json', '--node-name', secondNodeName, ...flags];
  const node = spawn(process.execPath, args, {
    env: { ...options.environment, NEXDEV_RUNTIME_DIR: directory },
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
