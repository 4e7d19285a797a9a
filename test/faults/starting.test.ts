import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import type { DevClient } from '../../runtime/client/devClient.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';
import { startConfiguredServer } from '../support/configuredServer.ts';
import { NexdevProcess, runNexdev } from '../support/nexdev.ts';
import { descendantsOf, untilGone } from '../support/processes.ts';

describe('an agent that fails while it starts', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;

  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
  });
  after(() => node.stop());

  it('leaves no process behind when the server does not take its subject', async () => {
    const agents = () =>
      descendantsOf(process.pid)
        .filter(({ command }) => command.includes('agent.cjs'))
        .map(({ pid }) => pid);
    const others = agents();
    const url = await startConfiguredServer(
      'authorization { users: [{ user: a, password: b, permissions: { subscribe: { deny: "shut.>" } } }] }',
    );
    const login = ['--server', url, '--user', 'a', '--password', 'b'];
    const joined = new NexdevProcess(['up', ...login], node.environment);
    await joined.waitFor(/is ready on/);
    const idle = () => agents().filter((pid) => !others.includes(pid));
    while (idle().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const first = idle();
    const file = join(node.directory, 'shut.js');
    writeFileSync(file, '() => 1');
    const run = (...args: string[]) => runNexdev([...args, ...login], node.environment);
    const { code, stderr } = await run('devrun', file, '--trigger_subject=shut.a');
    assert.equal(code, 1);
    assert.match(stderr, /does not let this user subscribe to "shut\.a"/);
    await untilGone(first);
    const { machines } = JSON.parse((await run('node', 'info', '--json')).stdout) as {
      machines: unknown[];
    };
    assert.deepEqual(machines, []);
    // The pool's own replacement is all there may be.
    assert.ok(idle().length <= 1);
    assert.equal(await joined.interrupt(), 0);
  });

  it('is not confused by a replay, which is refused until it has loaded', async () => {
    await deployFunction(node, connection, {
      file: 'again.js',
      source: "() => 'again'",
      subjects: ['again'],
    });
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'STORED', subjects: ['stored'] });
    await connection.request('stored', '', { timeout: 20_000 });
    const agentPid = (await dev.workloads())[0]?.agentPid ?? 0;
    process.kill(agentPid, 'SIGKILL');
    await untilGone([agentPid]);
    for (let done = false; !done;) {
      try {
        const { outcome } = await dev.replay({ workload: 'againjs', stream: 'STORED', seq: 1 });
        done = outcome.kind === 'returned';
      } catch (error) {
        assert.ok(error instanceof NexError);
        assert.equal(error.code, 'workload-restarting');
      }
    }
    assert.equal((await dev.workloads())[0]?.restarts, 1);
  });
});
