import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';
import { Publications } from '../support/services.ts';
import { assembleWat, watProgram } from '../support/wat.ts';

const subject = 'entries';
const timeoutMs = 1000;

/** Echoes its message, to stderr too if that begins with `e`; never ends if it begins with `x`. */
const program = watProgram({
  body: `(local $length i32) (local.set $length (call $read (i32.const 100) (i32.const 1000)))
    (if (i32.eq (i32.load8_u (i32.const 100)) (i32.const 120)) (then (loop $again (br $again))))
    (if (i32.eq (i32.load8_u (i32.const 100)) (i32.const 101))
      (then (call $write (i32.const 2) (i32.const 100) (local.get $length))))
    (call $write (i32.const 1) (i32.const 100) (local.get $length))`,
});

describe('WebAssembly messages that share an entry', () => {
  let node: TestNode;
  let connection: NatsConnection;
  before(async () => {
    ({ node, connection } = await startConnectedNode());
    await deployFunction(node, connection, {
      file: 'entries.wasm',
      source: await assembleWat(program),
      subjects: [subject],
      extension: { limits: { timeoutMs } },
    });
  });
  after(() => node.stop());

  const ask = async (message: string): Promise<string> => {
    const reply = await connection.request(subject, message, { timeout: 30_000 });
    return reply.headers?.get('Nats-Service-Error') ?? reply.string();
  };
  const askAll = (messages: readonly string[]) => Promise.all(messages.map(ask));
  /** Enough for entries to have become large. */
  const some = (letter: string, count = 200) =>
    Array.from({ length: count }, (_, index) => `${letter}${index}`);

  it('get each its own answer', async () => {
    assert.deepEqual(await askAll(some('a')), some('a'));
  });

  it('are answered, before and behind one that never ends', async () => {
    const messages = [...some('b'), 'x', ...some('c')];
    const answers = messages.map((message) =>
      message === 'x' ? `wasm execution timed out after ${timeoutMs}ms` : message,
    );
    assert.deepEqual(await askAll(messages), answers);
  });

  it('log as themselves', async () => {
    const published = new Publications(connection);
    const messages = some('e');
    await askAll(messages);
    const lines = () => published.logs.filter(({ level }) => level === 'ERROR');
    await published.until(() => lines().length === messages.length);
    assert.deepEqual(
      lines().map(({ text }) => text),
      messages,
    );
    assert.equal(new Set(lines().map(({ invocation }) => invocation)).size, messages.length);
  });
});
