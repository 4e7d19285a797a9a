import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Kvm } from '@nats-io/kv';
import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import type { Allow } from '../../runtime/protocol/allow.ts';
import type { Mode } from '../../runtime/protocol/workloadTypes.ts';
import { deployFunction, startTestNode, type TestNode } from '../support/devNode.ts';

const bytes = 'new Uint8Array([111, 107])';

/** Runs the call that is in the message and answers with what it returns or throws. */
const source = `(subject, payload) => {
  try {
    const value = eval(String.fromCharCode(...payload));
    return 'done ' + (value === undefined ? '' : value.status ?? value.length);
  } catch (error) {
    return error;
  }
}`;

describe('host services that are limited', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let web: string;
  const deployed = new Map<string, string>();

  before(async () => {
    node = await startTestNode();
    connection = await node.connect();
    web = await startWeb();
    const orders = await new Kvm(connection).create('orders');
    await orders.put('1', 'one');
    const files = await new Objm(connection).create('files');
    await files.putBlob({ name: 'a' }, new Uint8Array([1]));
    connection.subscribe('shop.price', { callback: (_, message) => void message.respond('12') });
  });
  after(() => node.stop());

  /** One function per set of limits. */
  async function call(allow: Allow, code: string, mode: Mode = 'faithful'): Promise<string> {
    const key = JSON.stringify([allow, mode]);
    const subject = deployed.get(key) ?? `limited.${deployed.size}`;
    if (!deployed.has(key)) {
      const file = `limited${deployed.size}.js`;
      const extension = { options: { allow, mode }, limits: { timeoutMs: 1500 } };
      await deployFunction(node, connection, { file, source, subjects: [subject], extension });
      deployed.set(key, subject);
    }
    const text = code.replaceAll('WEB', web);
    const reply = await connection.request(subject, text, { timeout: 15_000 });
    return reply.headers?.get('Nats-Service-Error') ?? reply.json<string>();
  }

  const allowed: [allow: Allow, code: string, answer: string][] = [
    [{}, `kv('anything').keys()`, 'done 0'],
    [{ http: [] }, `kv('anything').keys()`, 'done 0'],
    [{ kv: ['orders'] }, `kv('orders').get('1')`, 'done 3'],
    [{ kv: ['or*'] }, `kv('orders').set('2', ${bytes})`, 'done '],
    [{ kv: ['orders:read'] }, `kv('orders').get('1')`, 'done 3'],
    [{ kv: ['o*:read', 'orders'] }, `kv('orders').set('2', ${bytes})`, 'done '],
    [{ kv: ['orders'] }, `objectStore('files').list()`, 'done 1'],
    [{ objectStore: ['files:read'] }, `objectStore('files').get('a')`, 'done 1'],
    [{ messaging: ['shop.*'] }, `messaging.request('shop.price', ${bytes})`, 'done 2'],
    [{ messaging: ['shop.>'] }, `messaging.publish('shop.a.b', ${bytes})`, 'done '],
    [{ kv: [] }, `messaging.request('shop.price', ${bytes})`, 'done 2'],
    [
      { kv: [], messaging: ['$KV.orders.*'] },
      `messaging.publish('$KV.orders.9', ${bytes})`,
      'done ',
    ],
    [{ http: ['127.0.0.1'] }, `http.get('WEB/')`, 'done 200'],
    [{ http: ['*'] }, `http.get('WEB/')`, 'done 200'],
  ];
  for (const [allow, code, answer] of allowed) {
    it(`let ${code} pass with ${JSON.stringify(allow)}`, async () => {
      assert.equal(await call(allow, code), answer);
    });
  }

  const none = 'is not allowed to this workload, which has none (403)';
  const refused: [allow: Allow, code: string, thrown: string][] = [
    [
      { kv: ['orders', 'devices*'] },
      `kv('other').get('1')`,
      'Error: kv bucket other is not allowed to this workload, which has orders, devices* (403)',
    ],
    [{ kv: [] }, `kv('orders').keys()`, `Error: kv bucket orders ${none}`],
    [
      { kv: ['orders:read'] },
      `kv('orders').set('1', ${bytes})`,
      'Error: this workload may only read kv bucket orders (403)',
    ],
    [
      { kv: ['orders:read'] },
      `kv('orders').delete('1')`,
      'Error: this workload may only read kv bucket orders (403)',
    ],
    [
      { kv: ['missing:read'] },
      `kv('missing').keys()`,
      'Error: Could not resolve host services KV bucket (404)',
    ],
    [{ objectStore: [] }, `objectStore('files').list()`, `Error: objectStore bucket files ${none}`],
    [
      { objectStore: ['files:read'] },
      `objectStore('files').put('a', ${bytes})`,
      'Error: this workload may only read objectStore bucket files (403)',
    ],
    [
      { messaging: ['shop.*'] },
      `messaging.publish('shop.a.b', ${bytes})`,
      'Error: subject shop.a.b is not allowed to this workload, which has shop.* (403)',
    ],
    [
      { messaging: ['shop.price'] },
      `messaging.request('shop.>', ${bytes})`,
      'Error: subject shop.> is not allowed to this workload, which has shop.price (403)',
    ],
    [
      { kv: ['orders:read'] },
      `messaging.publish('$KV.orders.1', ${bytes})`,
      'Error: subject $KV.orders.1 is not allowed to this workload, which has > (403)',
    ],
    [
      { http: ['*.example.com', 'localhost'] },
      `http.get('WEB/')`,
      'Error: host HOST is not allowed to this workload, which has *.example.com, localhost (403)',
    ],
    [
      { http: ['127.0.0.1:1'] },
      `http.post('WEB/', ${bytes})`,
      'Error: host HOST is not allowed to this workload, which has 127.0.0.1:1 (403)',
    ],
    [
      { http: ['127.0.0.1'] },
      `http.get('WEB/redirected')`,
      'Error: host localhost:1 is not allowed to this workload, which has 127.0.0.1 (403)',
    ],
  ];
  for (const [allow, code, thrown] of refused) {
    it(`refuse ${code} with ${JSON.stringify(allow)}`, async () => {
      const wanted = thrown.replace('HOST', new URL(web).host);
      assert.equal(await call(allow, code), wanted);
    });
  }

  const asReal: [allow: Allow, code: string, answer: string | RegExp][] = [
    [{ kv: [] }, `kv('orders').get('1')`, 'Error: Could not resolve host services KV bucket (500)'],
    [
      { kv: ['orders:read'] },
      `kv('orders').set('1', ${bytes})`,
      'Error: failed to write value for key (500)',
    ],
    [
      { objectStore: [] },
      `objectStore('files').put('a', ${bytes})`,
      'Error: unable to resolve object store (500)',
    ],
    [{ objectStore: ['files:read'] }, `objectStore('files').put('a', ${bytes})`, 'Error:  (500)'],
    [{ messaging: [] }, `messaging.publish('shop.price', ${bytes})`, 'done '],
    [{ http: [] }, `http.get('WEB/')`, /dial tcp: lookup 127\.0\.0\.1: no such host \(500\)$/],
  ];
  for (const [allow, code, answer] of asReal) {
    it(`make ${code} fail in strict as if NATS or a firewall refused it`, async () => {
      const text = await call(allow, code, 'strict');
      if (typeof answer === 'string') assert.equal(text, answer);
      else assert.match(text, answer);
    });
  }

  it('do not make a bucket that may only be read', async () => {
    await call({ kv: ['missing:read'] }, `kv('missing').get('a')`);
    const names = await Array.fromAsync(new Kvm(connection).list());
    assert.ok(names.every(({ bucket }) => bucket !== 'missing'));
  });

  it('are limited by the file itself too, of each service as the deployer says first', async () => {
    const subjects = ['limited.file'];
    const text = `// nex: kv=orders http=example.com\n${source}`;
    const extension = { options: { allow: { kv: ['files'] } } };
    await deployFunction(node, connection, { file: 'file.js', source: text, subjects, extension });
    const answers = await Promise.all(
      [`kv('orders').keys()`, `kv('files').keys()`, `http.get('${web}')`].map(async (code) =>
        (await connection.request('limited.file', code)).json<string>(),
      ),
    );
    assert.deepEqual(answers, [
      'Error: kv bucket orders is not allowed to this workload, which has files (403)',
      'done 0',
      `Error: host ${new URL(web).host} is not allowed to this workload, which has example.com (403)`,
    ]);
  });
});

async function startWeb(): Promise<string> {
  const server = createServer(({ url }, response) => {
    if (url === '/redirected') response.writeHead(302, { Location: 'http://localhost:1/' }).end();
    else response.end('hello');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
