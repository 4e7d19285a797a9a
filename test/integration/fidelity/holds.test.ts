import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { NatsConnection } from '@nats-io/transport-node';
import { deployFunction, startConnectedNode, type TestNode } from '../../support/devNode.ts';

/** What a failure in strict does to the messages behind it. */
describe('A.7.2 and A.7.3: a failed call in strict', () => {
  let node: TestNode;
  let connection: NatsConnection;
  /** What happened, in this order. */
  const seen: string[] = [];

  before(async () => {
    ({ node, connection } = await startConnectedNode());
    connection.subscribe('$NEX.events.*.function_exec_failed', {
      callback: () => void seen.push('failure told'),
    });
    await deployFunction(node, connection, {
      file: 'holds.js',
      source: "(s, p) => { if (p.length === 0) throw 'x'; return s }",
      subjects: ['holds.one', 'holds.other'],
      extension: { options: { mode: 'strict' } },
    });
    const ask = async (subject: string) => {
      await connection.request(subject, 'x', { timeout: 30_000 });
      seen.push(`answer of ${subject}`);
    };
    connection.publish('holds.one');
    await Promise.all([ask('holds.one'), ask('holds.other')]);
  });
  after(() => node.stop());

  it('blocks its own subject until it is told, and no other subject', () => {
    assert.deepEqual(seen, ['answer of holds.other', 'failure told', 'answer of holds.one']);
  });
});
