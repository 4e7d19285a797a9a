import assert from 'node:assert/strict';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import type { DevClient } from '../../runtime/client/devClient.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';
import { descendantsOf, untilGone } from '../support/processes.ts';
import { Publications } from '../support/services.ts';

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
      descendantsOf(node.pid).filter(({ command }) => command.includes('agent.cjs'));
    const publications = new Publications(connection);
    const idle = agents().map(({ pid }) => pid);
    await assert.rejects(
      deployFunction(node, connection, {
        file: 'long.js',
        source: '() => 1',
        // Longer than a NATS server lets a line of its protocol be.
        subjects: [`long.${'x'.repeat(5000)}`],
      }),
      /failed to subscribe to the trigger subjects/,
    );
    await untilGone(idle);
    assert.deepEqual(await dev.workloads(), []);
    // A restart is said when it is planned, and the pool's own replacement is all there may be.
    assert.ok(!publications.logs.some(({ text }) => text.includes('started again')));
    assert.ok(agents().length <= 1);
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
