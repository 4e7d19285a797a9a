import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import { devrun } from '../../runtime/client/devrun.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import { controlSubjects, lameDuckTag } from '../../runtime/protocol/controlApi.ts';
import { deployFunction, startTestNode, type TestNode } from '../support/devNode.ts';
import { SourceFolder } from '../support/sourceFolder.ts';

const refusal = 'Node is in lame duck mode. Workload deploy request denied';

describe('a lame duck', () => {
  const folder = new SourceFolder();
  let node: TestNode;
  let connection: NatsConnection;
  let control: ControlClient;
  let events: string[];

  beforeEach(async () => {
    node = await startTestNode();
    connection = await node.connect();
    control = new ControlClient(connection);
    events = [];
    connection.subscribe('$NEX.events.>', {
      callback: (_, { subject }) => void events.push(subject.split('.').slice(2).join('.')),
    });
  });
  afterEach(() => node.stop());

  const ask = async (subject: string, body = '') =>
    (await connection.request(subject, body, { timeout: 5000 })).json<{
      data: unknown;
      error?: string;
    }>();
  const enter = () => ask(controlSubjects.lameDuck(node.nodeId));

  it('finishes what it runs, goes on answering, and takes nothing new', async () => {
    const source =
      '(s, p) => { const end = Date.now() + 1000; while (Date.now() < end); return 1 }';
    await deployFunction(node, connection, { file: 'slow.js', source, subjects: ['duck.slow'] });
    const slow = connection.request('duck.slow', '', { timeout: 10_000 });
    assert.deepEqual((await enter()).data, { node_id: node.nodeId, success: true });
    assert.deepEqual((await enter()).data, { node_id: node.nodeId, success: true });
    assert.equal((await slow).string(), '1');
    assert.equal((await control.ping(node.nodeId)).tags?.[lameDuckTag], 'true');
    assert.equal((await control.info('default', node.nodeId)).tags?.[lameDuckTag], 'true');
    // A node that answers a PING sent later has had the AUCTION.
    const bids: unknown[] = [];
    connection.subscribe('duck.bids', { callback: (_, bid) => void bids.push(bid) });
    connection.publish(controlSubjects.auction, '', { reply: 'duck.bids' });
    await control.ping(node.nodeId);
    assert.deepEqual(bids, []);
    const deployed = await ask(controlSubjects.deploy('default', node.nodeId), 'garbage');
    assert.equal(deployed.error, refusal);
    assert.equal((await connection.request('duck.slow', '', { timeout: 10_000 })).string(), '1');
    assert.deepEqual(
      events.filter((event) => event.includes('lameduck')),
      ['system.node_entered_lameduck'],
    );
  });

  it('ends with the last workload that is stopped', async () => {
    const { workloadId } = await deployFunction(node, connection, {
      file: 'last.js',
      source: '() => 1',
      subjects: ['duck.last'],
    });
    await enter();
    const { issuer } = await readKeys(join(node.directory, '.nex'));
    await control.stop({ nodeId: node.nodeId, namespace: 'default', workloadId }, issuer);
    assert.equal(await node.exited, 0);
  });

  it('ends at once where nothing runs', async () => {
    assert.deepEqual((await enter()).data, { node_id: node.nodeId, success: true });
    assert.equal(await node.exited, 0);
  });

  it('starts no essential service again, and ends with it', async () => {
    await devrun({
      connection,
      keys: await readKeys(join(node.directory, '.nex')),
      file: folder.write('job.sh', '#!/bin/sh\n/bin/sleep 1\nexit 4\n', 0o755),
      nodeId: node.nodeId,
      triggerSubjects: [],
      env: {},
      essential: true,
    });
    await enter();
    assert.equal(await node.exited, 0);
  });
});
