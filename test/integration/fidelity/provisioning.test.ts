import assert from 'node:assert/strict';
import { jetstreamManager } from '@nats-io/jetstream';
import { after, before, describe, it } from 'mocha';
import type { NatsConnection } from '@nats-io/transport-node';
import { deployFunction, startConnectedNode, type TestNode } from '../../support/devNode.ts';

/** A.8.3, and A.8.5 #9: any read makes the bucket. */
describe('a bucket that a function only reads', () => {
  let node: TestNode;
  let connection: NatsConnection;
  before(async () => {
    ({ node, connection } = await startConnectedNode());
    await deployFunction(node, connection, {
      file: 'reads.js',
      source:
        "() => { kv('made').keys(); try { objectStore('made').get('none') } catch { return 'read' } }",
      subjects: ['reads'],
    });
    const reply = await connection.request('reads', '', { timeout: 20_000 });
    assert.equal(reply.string(), '"read"');
  });
  after(() => node.stop());

  const limits = {
    max_bytes: 524_288,
    max_age: 0,
    storage: 'file',
    num_replicas: 1,
    discard: 'new',
  };
  const provisioned = {
    KV_made: { ...limits, max_msgs_per_subject: 1 },
    OBJ_made: limits,
  };
  for (const [stream, expected] of Object.entries(provisioned)) {
    it(`is made as on the real node: ${stream}`, async () => {
      const manager = await jetstreamManager(connection);
      const { config } = await manager.streams.info(stream);
      assert.deepEqual({ ...config, ...expected }, config);
    });
  }
});
