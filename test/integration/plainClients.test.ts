import assert from 'node:assert/strict';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { Objm } from '@nats-io/obj';
import { Svcm } from '@nats-io/services';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import { controlSubjects } from '../../runtime/protocol/controlApi.ts';
import { startConnectedNode, type TestNode } from '../support/devNode.ts';
import { NexdevProcess } from '../support/nexdev.ts';
import { PlainClient } from '../support/plainClient.ts';

const keep = `(subject, payload) => {
  kv('PlainKeys').set('last', payload);
  objectStore('PlainFiles').put('last', payload);
  return 'kept';
}`;

describe('clients that know nothing of this node, and two nodes on one NATS', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let client: PlainClient;
  let guest: NexdevProcess;
  let ids: string[];
  before(async () => {
    ({ node, connection } = await startConnectedNode());
    client = await PlainClient.create(node, connection);
    guest = new NexdevProcess(['up', '--server', node.url], node.environment);
    const [, guestId = ''] = await guest.waitFor(/Node (N\w+) is ready on/);
    ids = [node.nodeId, guestId].sort();
    await client.deploy(await client.prepare('keeper', 'v8', keep));
    const reply = await connection.request('keeper', 'grüezi', { timeout: 20_000 });
    assert.equal(reply.string(), '"kept"');
  });
  after(async () => {
    await guest.interrupt();
    await node.stop();
  });

  it('find a NATS micro service of each node, with its endpoints and their counts', async () => {
    const services = new Svcm(connection).client({ strategy: 'timer', maxWait: 500 });
    const [pings, infos, stats] = await Promise.all([
      services.ping('nexdev').then((each) => Array.fromAsync(each)),
      services.info('nexdev').then((each) => Array.fromAsync(each)),
      services.stats('nexdev').then((each) => Array.fromAsync(each)),
    ]);
    const instances = pings.map(({ id }) => id).sort();
    assert.equal(new Set(instances).size, 2);
    for (const answers of [infos, stats]) {
      assert.deepEqual(answers.map(({ id }) => id).sort(), instances);
    }
    for (const id of ids) {
      const subjects = infos.flatMap(({ endpoints }) => endpoints.map(({ subject }) => subject));
      assert.ok(subjects.includes(`$NEXDEV.${id}.HEALTH`));
    }
    for (const { endpoints = [] } of stats) {
      for (const { num_requests, num_errors } of endpoints) {
        assert.deepEqual([typeof num_requests, typeof num_errors], ['number', 'number']);
      }
    }
  });

  it('read what a function has kept, in its bucket and its object store', async () => {
    const keys = await new Kvm(connection).open('PlainKeys');
    assert.equal((await keys.get('last'))?.string(), 'grüezi');
    const files = await new Objm(connection).open('PlainFiles');
    assert.equal(Buffer.from((await files.getBlob('last'))!).toString(), 'grüezi');
  });

  it('list its streams among all others', async () => {
    const manager = await jetstreamManager(connection);
    const names = (await Array.fromAsync(manager.streams.list())).map(({ config }) => config.name);
    for (const name of ['KV_PlainKeys', 'OBJ_PlainFiles', 'OBJ_PLAIN']) {
      assert.ok(names.includes(name), `${name} is not one of ${names.join()}`);
    }
  });

  it('are answered by both nodes where they ask all, and by the right one where they ask one', async () => {
    for (const subject of [controlSubjects.pingAll, controlSubjects.auction]) {
      const replies = await connection.requestMany(subject, '{}', {
        strategy: 'timer',
        maxWait: 1000,
      });
      const answered = await Array.fromAsync(replies, (reply) =>
        reply.json<{ data: { node_id: string } }>(),
      );
      assert.deepEqual(answered.map(({ data }) => data.node_id).sort(), ids, subject);
    }
    for (const id of ids) {
      const { data } = await client.ask(controlSubjects.ping(id));
      assert.equal((data as { node_id: string }).node_id, id);
    }
  });

  it('have their auctions won by either', async () => {
    const control = new ControlClient(connection);
    const winners = new Set<string>();
    const deadline = Date.now() + 20_000;
    while (winners.size < 2 && Date.now() < deadline) {
      winners.add((await control.auction({ workload_types: ['v8'] }, { waitMs: 200 })).node_id);
    }
    assert.deepEqual([...winners].sort(), ids);
  });

  it('stop a workload on the node that runs it, and on no other', async () => {
    const id = await client.deploy(await client.prepare('stopped', 'v8', '() => 1'));
    const body = JSON.stringify({ workload_id: id, workload_jwt: client.claim({}, -3) });
    const ask = (nodeId: string) => client.ask(controlSubjects.stop('default', nodeId), body);
    const other = ids.find((each) => each !== node.nodeId)!;
    assert.equal((await ask(other)).error, 'No such workload');
    assert.equal((await connection.request('stopped', '', { timeout: 20_000 })).string(), '1');
    assert.equal((await ask(node.nodeId)).error, undefined);
    await assert.rejects(connection.request('stopped', '', { timeout: 5000 }), /no responders/);
  });
});
