import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { deployFunction, startConnectedNode, type TestNode } from '../../support/devNode.ts';
import { descendantsOf } from '../../support/processes.ts';

/** Time in ms that a call to a bucket may take; a function has 5000 ms. */
const bucketCallMs = 1500;
/** How long the server stands still: past the one, before the other. */
const pauseMs = 3200;

/** A.8.3, alike in both modes. The server is a real one that is stopped for a while. */
describe('A.8.3 a bucket whose server gives no answer', () => {
  const calls = {
    kv: { call: "kv('deaf').get('key')", failure: 'Error: failed to get value for key (500)' },
    objectStore: {
      call: "objectStore('deaf').get('key')",
      failure: 'Error: failed to get object (500)',
    },
  };
  const rows = Object.entries(calls).flatMap(([service, { call, failure }]) =>
    (['faithful', 'strict'] as const).map((mode) => ({ service, mode, call, failure })),
  );
  const subjectOf = ({ service, mode }: (typeof rows)[number]) => `deaf.${service}.${mode}`;

  let node: TestNode;
  let connection: NatsConnection;
  const replies = new Map<string, [failure: string, waitedMs: number]>();
  before(async () => {
    ({ node, connection } = await startConnectedNode());
    const server = descendantsOf(node.pid).find(({ command }) => /^\S*nats-server /.test(command));
    assert.ok(server !== undefined);
    for (const row of rows) {
      await deployFunction(node, connection, {
        file: `${row.service}${row.mode}.js`,
        source: `(s, p) => {
          kv('deaf').set('key', p);
          objectStore('deaf').put('key', p);
          messaging.publish('deaf.ready', p);
          let begun;
          try { for (;;) { begun = Date.now(); ${row.call} } }
          catch (e) { return [e, Date.now() - begun] }
        }`,
        subjects: [subjectOf(row)],
        extension: { options: { mode: row.mode } },
      });
    }
    const ready = connection.subscribe('deaf.ready', { max: rows.length });
    const asked = rows.map(async (row) => {
      const reply = await connection.request(subjectOf(row), 'x', { timeout: 30_000 });
      replies.set(subjectOf(row), reply.json());
    });
    await Array.fromAsync(ready);
    process.kill(server.pid, 'SIGSTOP');
    setTimeout(() => process.kill(server.pid, 'SIGCONT'), pauseMs);
    await Promise.all(asked);
  });
  after(() => node.stop());

  for (const row of rows) {
    it(`${row.service} fails in ${row.mode}, after ${bucketCallMs} ms`, () => {
      const [failure, waitedMs] = replies.get(subjectOf(row)) ?? ['', 0];
      assert.equal(failure, row.failure);
      // A timer may be early by a fraction; that it is late says nothing.
      assert.ok(waitedMs >= bucketCallMs - 2, `it waited ${waitedMs} ms`);
    });
  }
});
