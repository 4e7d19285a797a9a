import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { DevClient } from '../../runtime/client/devClient.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { logEntrySchema, type LogEntry } from '../../runtime/protocol/logs.ts';
import { deployFunction, startTestNode, type TestNode } from '../support/devNode.ts';
import { createIssuer } from '../support/issuers.ts';

describe('functions', () => {
  let node: TestNode;
  let connection: NatsConnection;

  before(async () => {
    node = await startTestNode();
    connection = await node.connect();
  });
  after(() => node.stop());

  const deploy = (file: string, source: string, subject: string, extension = {}) =>
    deployFunction(node, connection, { file, source, subjects: [subject], extension });
  const request = (subject: string, payload = '') =>
    connection.request(subject, payload, { timeout: 10_000 });
  const errorOf = (reply: Msg) => ({
    text: reply.headers?.get('Nats-Service-Error'),
    code: reply.headers?.get('Nats-Service-Error-Code'),
  });

  it('answer with the JSON of what they return', async () => {
    await deploy(
      'echo.js',
      '(subject, payload) => ({ triggered_on: subject, payload: String.fromCharCode(...payload) })',
      'echo',
    );
    const reply = await request('echo', 'hello nex!');
    assert.equal(reply.string(), '{"triggered_on":"echo","payload":"hello nex!"}');
    assert.equal(reply.headers, undefined);
  });

  it('are triggered by wildcards, with the concrete subject', async () => {
    await deploy('wild.js', '(subject) => subject', 'wild.*.>');
    assert.equal((await request('wild.a.b.c')).string(), '"wild.a.b.c"');
  });

  it('get a fresh context for every invocation', async () => {
    await deploy('fresh.js', 'globalThis.n = (globalThis.n ?? 0) + 1; () => globalThis.n', 'fresh');
    await request('fresh');
    assert.equal((await request('fresh')).string(), '1');
  });

  it('may be modules that import others', async () => {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${node.directory}/greeting.mjs`, 'export const greet = (n) => `hello ${n}`;');
    await deploy(
      'module.mjs',
      "import { greet } from './greeting.mjs';\nexport default (s, p) => greet(typeof this.kv);",
      'module',
    );
    assert.equal((await request('module')).string(), '"hello function"');
  });

  const failures: [what: string, source: string, error: string][] = [
    ['throw an Error', "() => { throw new TypeError('no') }", 'TypeError: no'],
    ['throw a string', "() => { throw 'no' }", 'no'],
    ['throw while the script runs', "throw new Error('early')", 'Error: early'],
    ['reject', "async () => { throw new Error('late') }", 'Error: late'],
    [
      'return what JSON cannot say',
      '() => 10n',
      'TypeError: Do not know how to serialize a BigInt',
    ],
    ['are none', 'Math.sqrt(4)', "TypeError: the script's last value is not a function but number"],
  ];
  failures.forEach(([what, source, error], index) => {
    it(`that ${what} answer with an error at once`, async () => {
      await deploy(`fails${index}.js`, `void 0;\n${source}`, `fails.${index}`);
      assert.deepEqual(errorOf(await request(`fails.${index}`)), { text: error, code: '500' });
    });
  });

  it('that return more than the server takes answer with an error', async () => {
    await deploy('huge.js', "() => 'x'.repeat(2000000)", 'huge');
    assert.match(errorOf(await request('huge')).text ?? '', /^failed to write 2000002-byte/);
  });

  it('get their payload back byte by byte, up to the largest message', async () => {
    await deploy('sum.js', '(s, p) => p.reduce((sum, byte) => sum + byte, 0)', 'sum');
    const payload = new Uint8Array(1_048_576).map((_, index) => index % 256);
    const reply = await connection.request('sum', payload, { timeout: 10_000 });
    assert.equal(reply.string(), String(payload.reduce((sum, byte) => sum + byte, 0)));
  });

  const isCall = (text: string) => text.startsWith('calling js function via trigger subject: ');

  it('log what they print, with level and source line', async () => {
    const lines = collectLogs();
    await deploy(
      'prints.js',
      "() => {\n  console.log('at %s', 'two', { deep: [1] });\n  console.warn('three');\n}",
      'prints',
    );
    await request('prints');
    await connection.flush();
    const printed = lines().filter((line) => line.console);
    assert.deepEqual(
      printed.map(({ level, text, source }) => ({ level, text, line: source?.line })),
      [
        { level: 'INFO', text: 'at two { deep: [ 1 ] }', line: 2 },
        { level: 'WARN', text: 'three', line: 3 },
      ],
    );
    assert.ok(printed[0]?.source?.url.endsWith('/prints.js'));
    const order = lines().map(({ text }) => text);
    const [call, first] = [
      order.findIndex(isCall),
      order.findIndex((text) => text.startsWith('at two')),
    ];
    assert.ok(call !== -1 && call < first, order.join('\n'));
    assert.equal(order.filter(isCall).length, 1);
  });

  it('log an error with the line of the module it came from', async () => {
    const lines = collectLogs();
    await deploy(
      'throws.mjs',
      "const unused = 1;\n\nexport default () => {\n  throw new Error('here');\n};",
      'throws',
    );
    await request('throws');
    await connection.flush();
    const source = lines().find(({ text }) => text.includes('Error: here'))?.source;
    assert.ok(source !== undefined);
    assert.ok(source.url.endsWith('/throws.mjs'));
    assert.equal(source.line, 4);
  });

  it('use the key-value store, the object store and messaging', async () => {
    await deploy(
      'services.js',
      `(s, p) => {
        const bucket = this.kv('devices');
        bucket.set('one', p);
        const store = this.objectStore('history');
        const info = store.put('a', new Uint8Array([1, 200, 255]));
        return {
          text: String.fromCharCode(...bucket.get('one')),
          keys: bucket.keys(),
          size: info.size,
          bytes: Array.from(store.get('a')),
          names: store.list().map((each) => each.name),
          echo: JSON.parse(String.fromCharCode(...this.messaging.request('echo', p))).payload,
        };
      }`,
      'services',
    );
    assert.deepEqual((await request('services', 'value')).json(), {
      text: 'value',
      keys: ['one'],
      size: 3,
      bytes: [1, 200, 255],
      names: ['a'],
      echo: 'value',
    });
  });

  it('see a failing host service as a thrown string', async () => {
    await deploy(
      'missing.js',
      "() => { try { this.kv('devices').get('none') } catch (e) { return [typeof e, e] } }",
      'missing',
    );
    assert.deepEqual((await request('missing')).json(), [
      'string',
      'Error: failed to get value for key (500)',
    ]);
  });

  it('call HTTP with the query string and bytes they gave', async () => {
    const seen: { method: string | undefined; url: string | undefined; body: string }[] = [];
    const server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const body = Buffer.concat(chunks).toString('hex');
        seen.push({ method: incoming.method, url: incoming.url, body });
        response.writeHead(201, { 'x-answer': '42' }).end('made');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await deploy(
      'http.js',
      `() => { const r = this.http.post('http://127.0.0.1:${port}/a?b=c', new Uint8Array([233]));
        return [r.status, r.response, r.headers['X-Answer']] }`,
      'http',
    );
    const reply = await request('http');
    server.close();
    assert.deepEqual(reply.json(), [201, 'made', '42']);
    assert.deepEqual(seen, [{ method: 'POST', url: '/a?b=c', body: 'e9' }]);
  });

  it('go on answering when a new version does not compile', async () => {
    await deploy('keeps.js', "() => 'old'", 'keeps');
    const broken = deploy('keeps.js', '() => {', 'keeps');
    await assert.rejects(broken);
    assert.equal((await request('keeps')).string(), '"old"');
  });

  it('are replaced without a message lost or answered twice', async () => {
    await deploy('swap.js', '() => 1', 'swap');
    const replies: string[] = [];
    const subscription = connection.subscribe('swap.replies', {
      callback: (_, message) => void replies.push(message.string()),
    });
    let sent = 0;
    const timer = setInterval(() => {
      connection.publish('swap', '', { reply: 'swap.replies' });
      sent += 1;
    }, 4);
    await deploy('swap.js', '() => 2', 'swap');
    await deploy('swap.js', '() => 3', 'swap');
    clearInterval(timer);
    // From the deploy's reply on, only the new version is asked; the old one finishes what it has.
    assert.equal((await request('swap')).string(), '3');
    await untilEqual(
      () => replies.length,
      () => sent,
    );
    subscription.unsubscribe();
    assert.ok(replies.includes('1') && replies.includes('2'), `${sent} sent`);
  });

  it('run twice where two workloads of one name were deployed, as on Nex', async () => {
    await deploy('twice.js', '() => 1', 'twice');
    await deploy('twice.js', '() => 2', 'twice', { replace: false });
    const replies = await connection.requestMany('twice', '', {
      strategy: 'count',
      maxMessages: 2,
      maxWait: 10_000,
    });
    const texts = await Array.fromAsync(replies, (reply) => reply.string());
    assert.deepEqual(texts.sort(), ['1', '2']);
  });

  it('are told that somebody else answers their subject', async () => {
    await deploy('first.js', '() => 1', 'shared.*');
    const { warnings } = await deploy('second.js', '() => 2', 'shared.a');
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]?.text ?? '', /shared\.a is also answered by workload firstjs/);
  });

  describe('replayed', () => {
    let dev: DevClient;

    before(async () => {
      const { issuer } = await readKeys(`${node.directory}/.nex`);
      dev = new DevClient(connection, issuer, node.nodeId);
      const manager = await jetstreamManager(connection);
      await manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
      await jetstream(connection).publish('orders.new', 'stored');
      await deploy(
        'orders.js',
        "(s, p) => { console.log('replayed'); return [s, String.fromCharCode(...p)] }",
        'replay.orders',
      );
    });

    it('give their result and logs, and consume and publish nothing', async () => {
      const strays: string[] = [];
      const subscription = connection.subscribe('orders.>', {
        callback: (_, message) => void strays.push(message.subject),
      });
      const reply = await dev.replay({ workload: 'ordersjs', stream: 'ORDERS', seq: 1 });
      assert.equal(reply.subject, 'orders.new');
      assert.deepEqual(reply.outcome, { kind: 'returned', text: '["orders.new","stored"]' });
      assert.deepEqual(
        reply.logs.map(({ text }) => text),
        ['replayed'],
      );
      const manager = await jetstreamManager(connection);
      const { state } = await manager.streams.info('ORDERS');
      assert.deepEqual([state.messages, state.consumer_count], [1, 0]);
      subscription.unsubscribe();
      assert.deepEqual(strays, []);
    });

    it('say which message is not there', async () => {
      const missing = dev.replay({ workload: 'ordersjs', stream: 'ORDERS', seq: 7 });
      await assert.rejects(missing, /Message 7 of stream ORDERS cannot be read/);
    });

    it('refuse who is not the user', async () => {
      const stranger = new DevClient(connection, createIssuer(), node.nodeId);
      await assert.rejects(
        stranger.workloads(),
        (error) => error instanceof NexError && error.code === 'not-authorized',
      );
    });
  });

  function collectLogs(): () => LogEntry[] {
    const lines: LogEntry[] = [];
    connection.subscribe('$NEX.logs.>', {
      callback: (_, message) => void lines.push(logEntrySchema.parse(message.json())),
    });
    return () => lines;
  }
});

/** Polls until both are equal; mocha's time-out is the deadline. */
async function untilEqual(one: () => number, other: () => number): Promise<void> {
  while (one() !== other()) await new Promise((resolve) => setTimeout(resolve, 10));
}
