import assert from 'node:assert/strict';
import { jetstreamManager } from '@nats-io/jetstream';
import { errors, type NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { deployFunction, startConnectedNode, type TestNode } from '../../support/devNode.ts';

/**
 * A.8.4: on the real node these subjects are those of a NATS server inside it, between itself and its agents. Whoever is
 * on the user's NATS meets nobody there, and nobody here either: agents of this node have a pipe to it, and call the
 * user's NATS themselves. No program can notice, in either mode.
 */
describe('A.8.4 subjects and headers between a node and its agents', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let workloadId: string;
  const sent: string[] = [];
  before(async () => {
    ({ node, connection } = await startConnectedNode());
    const listening = ['hostint.>', 'agentint.>'].map((subject) =>
      connection.subscribe(subject, { callback: (_, message) => void sent.push(message.subject) }),
    );
    ({ workloadId } = await deployFunction(node, connection, {
      file: 'internal.js',
      source: `(s, p) => {
        kv('internal').set('key', p);
        objectStore('internal').put('name', p);
        messaging.publish('internal.told', p);
        try { http.get('http://127.0.0.1:1') } catch { return 'called' }
      }`,
      subjects: ['internal'],
    }));
    const reply = await connection.request('internal', 'value', { timeout: 20_000 });
    assert.equal(reply.string(), '"called"');
    // Whoever listens would count as somebody who answers.
    for (const subscription of listening) subscription.unsubscribe();
  });
  after(() => node.stop());

  it('host services send nothing there', () => {
    assert.deepEqual(sent, []);
  });

  const services = ['kv.get', 'http.get', 'messaging.publish', 'objectstore.list'];
  const subjects = [
    ...services.map((method) => `hostint.ID.rpc.default.internal.${method}`),
    ...['handshake', 'events.workload_deployed', 'logs'].map((name) => `hostint.ID.${name}`),
    ...['deploy', 'undeploy', 'ping', 'trigger'].map((name) => `agentint.ID.${name}`),
  ];
  for (const subject of subjects) {
    it(`nobody answers ${subject}`, async () => {
      await assert.rejects(
        connection.request(subject.replace('ID', workloadId), '', { timeout: 20_000 }),
        (error: Error) => error.cause instanceof errors.NoRespondersError,
      );
    });
  }

  it('what is stored carries none of the headers', async () => {
    const manager = await jetstreamManager(connection);
    const stored = await manager.streams.getMessage('KV_internal', { last_by_subj: '$KV.>' });
    assert.deepEqual([stored?.string(), stored?.header.keys()], ['value', []]);
  });
});
