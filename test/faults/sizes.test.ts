import assert from 'node:assert/strict';
import { jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import type { DevClient } from '../../runtime/client/devClient.ts';
import { authorizationHeader } from '../../runtime/protocol/devApi.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';

describe('what is too large or made up', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;

  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
  });
  after(() => node.stop());

  const deploy = (name: string, source: string) =>
    deployFunction(node, connection, { file: `${name}.js`, source, subjects: [name] });
  const codeOf = async (name: string) =>
    (await connection.request(name, '', { timeout: 10_000 })).headers?.get(
      'Nats-Service-Error-Code',
    );

  it('an error of megabytes is cut for its caller, and the agent lives', async () => {
    await deploy('long', "() => { throw 'x'.repeat(2e6); }");
    await deploy('controls', "() => { throw new Error('\\u0000'.repeat(5e5)); }");
    await deploy('urls', "() => { throw new Error('http://a/'.repeat(1e5)); }");
    for (const name of ['long', 'controls', 'urls']) assert.equal(await codeOf(name), '500');
    assert.deepEqual(
      (await dev.workloads()).map(({ restarts }) => restarts),
      [0, 0, 0],
    );
  });

  it('a stack with impossible positions does not reach the node', async () => {
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'STORED', subjects: ['stored'] });
    await connection.request('stored', '', { timeout: 20_000 });
    await deploy(
      'forged',
      `() => {
        Error.prepareStackTrace = () => 'at file:///a.js:99999999999999999999:1';
        console.log('x');
        return 1;
      }`,
    );
    const { outcome } = await dev.replay({ workload: 'forgedjs', stream: 'STORED', seq: 1 });
    assert.deepEqual(outcome, { kind: 'returned', text: '1' });
  });

  it('a replay that logs more than can be sent still gives its result', async () => {
    await deploy(
      'verbose',
      "() => { for (let i = 0; i < 200; i += 1) console.log('x'.repeat(1e4)); return 1; }",
    );
    const replayed = await dev.replay({ workload: 'verbosejs', stream: 'STORED', seq: 1 });
    assert.deepEqual(replayed.outcome, { kind: 'returned', text: '1' });
    assert.match(replayed.logs[0]?.text ?? '', /^200 log lines do not fit/);
    await deploy('quotes', "() => '\"'.repeat(4e5)");
    await assert.rejects(dev.replay({ workload: 'quotesjs', stream: 'STORED', seq: 1 }), {
      code: 'reply-too-large',
    });
  });

  it('a flood of messages is not taken for a function that eats memory', async () => {
    await deployFunction(node, connection, {
      file: 'flood.js',
      source: '(subject, payload) => payload.length',
      subjects: ['flood'],
      extension: { limits: { memoryMb: 8 } },
    });
    const payload = new Uint8Array(1000);
    for (let sent = 0; sent < 120_000; sent += 5000) {
      for (let each = 0; each < 5000; each += 1) connection.publish('flood', payload);
      await connection.flush();
    }
    // Far beyond the limit by now; as long as it goes on, none is lost.
    for (let done = 0; done < 500;) {
      const flood = (await dev.workloads()).find(({ name }) => name === 'floodjs');
      assert.equal(flood?.restarts, 0);
      assert.equal(flood.state, 'running');
      done = flood.invocations;
    }
  });

  it('a request whose refusal would be too large is refused all the same', async () => {
    const type = '<'.repeat(900_000);
    const deployed = await connection.request(
      `$NEX.DEPLOY.default.${node.nodeId}`,
      JSON.stringify({ type }),
    );
    assert.match(deployed.string(), /Unsupported workload type/);

    const signed = headers();
    const token = JSON.stringify({ typ: '\u0001'.repeat(100_000), alg: '' });
    signed.set(authorizationHeader, `${Buffer.from(token).toString('base64url')}.e30.x`);
    const asked = await connection.request(`$NEXDEV.${node.nodeId}.HEALTH`, '', {
      timeout: 20_000,
      headers: signed,
    });
    assert.equal(asked.headers?.get('Nats-Service-Error-Code'), '403');
  });
});
