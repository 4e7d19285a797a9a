import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';
import { startConfiguredServer } from '../support/configuredServer.ts';
import { NexdevProcess, runNexdev } from '../support/nexdev.ts';

describe('a subject that others already hear', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let other: NatsConnection;
  const received: string[] = [];
  before(async () => {
    ({ node, connection } = await startConnectedNode());
    other = await connect({ servers: node.url, name: 'billing' });
    const listen = (subject: string, queue?: string) =>
      other.subscribe(subject, {
        ...(queue === undefined ? {} : { queue }),
        callback: (_, { subject: on }) => void received.push(on),
      });
    listen('orders.new');
    listen('orders.paid.*', 'workers');
    listen('invoices.*');
    listen('wild.one');
    await other.flush();
    // Who watches everything answers nothing.
    connection.subscribe('>');
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
  });
  after(async () => {
    await other.close();
    await node.stop();
  });

  const warningsOf = async (...subjects: string[]) => {
    const file = `on${subjects.join('').replaceAll(/[.*>]/g, '')}.js`;
    const { warnings } = await deployFunction(node, connection, {
      ...{ file, source: '() => 1', subjects },
    });
    return warnings.map(({ text }) => text).filter((text) => text.startsWith('Subject'));
  };

  const rows: [subject: string, told: RegExp[]][] = [
    ['orders.new', [/^Subject orders\.new is also heard by NATS client billing: if it answers, /]],
    ['orders.paid.eu', [/is also heard by NATS client billing \(subscribed to orders\.paid\.\*\)/]],
    // A sample of it is asked for, which a narrower subscription does not match.
    ['wild.*', []],
    ['invoices.>', [/^Subject invoices\.> is also heard by .* \(subscribed to invoices\.\*\)/]],
    ['quiet', []],
  ];
  for (const [subject, told] of rows) {
    it(`is told at the deploy: ${subject}, ${told.length === 0 ? 'nobody' : 'by whom'}`, async () => {
      const warnings = await warningsOf(subject);
      assert.equal(warnings.length, told.length, warnings.join('\n'));
      for (const [index, pattern] of told.entries()) assert.match(warnings[index] ?? '', pattern);
    });
  }

  it('counts neither the node’s own function nor its next version', async () => {
    assert.deepEqual(await warningsOf('own.a'), []);
    assert.deepEqual(await warningsOf('own.a'), []);
    const { warnings } = await deployFunction(node, connection, {
      ...{ file: 'another.js', source: '() => 2', subjects: ['own.a'] },
    });
    assert.deepEqual(
      warnings.map(({ text }) => text.replace(/\(.*\)/, '()')),
      ['Subject own.a is also answered by workload onownajs ().'],
    );
  });

  it('is asked without a message to anybody, and none is stored', async () => {
    await other.flush();
    assert.deepEqual(received, []);
    const manager = await jetstreamManager(connection);
    assert.equal((await manager.streams.info('ORDERS')).state.messages, 0);
  });

  it('is not asked of a NATS that does not let the node publish there, which is no fault', async () => {
    const url = await startConfiguredServer(
      'authorization { users: [{ user: a, password: b, permissions: { publish: { deny: "closed.>" } } }] }',
    );
    const login = ['--server', url, '--user', 'a', '--password', 'b'];
    const up = new NexdevProcess(['up', ...login], node.environment);
    await up.waitFor(/is ready on/);
    const file = join(node.directory, 'closed.js');
    writeFileSync(file, '() => 1');
    const flags = ['--trigger_subject=closed.a', ...login];
    const { code, stderr } = await runNexdev(['devrun', file, ...flags], node.environment);
    assert.deepEqual([code, stderr.includes('closed.a')], [0, false], stderr);
    await up.interrupt();
    assert.doesNotMatch(up.printed, /does not let/);
  });
});
