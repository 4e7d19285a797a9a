import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { writeFile } from 'node:fs/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { adapterPath, DapClient, endClients, writeProgram } from '../support/dapClient.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';

const greet = (greeting: string) => `(subject, payload) => {
  const text = String.fromCharCode(...payload);
  return '${greeting} ' + text + ' on ' + subject;
};
`;

type Output = DebugProtocol.OutputEvent['body'];

describe('a debug session', () => {
  let node: TestNode;
  let nats: NatsConnection;
  afterEach(endClients);
  before(async () => {
    node = await startTestNode();
    nats = await node.connect();
  });

  const ask = async (subject: string, payload: string) =>
    (await nats.request(subject, payload, { timeout: 20_000 })).json();

  it('sends the payload it was given and shows the reply', async () => {
    const { program } = await writeProgram({ 'session1.js': greet('hello') });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: ['session1', 'other.*'], payload: { a: 1 } }, [3]);
    const stop = await client.stopped();
    assert.equal((await client.variables(stop.frameId))['text'], `'{"a":1}'`);
    await client.continue(stop.threadId);
    await client.next<Output>('output', ({ output }) =>
      output.includes('session1 replied: "hello {\\"a\\":1} on session1"'),
    );
  });

  it('replays a stored message without a subject of its own, and nobody gets the reply', async () => {
    const manager = await jetstreamManager(nats);
    await manager.streams.add({ name: 'ORDERS', subjects: ['orders.*'] });
    await jetstream(nats).publish('orders.one', 'first');
    const { seq } = await jetstream(nats).publish('orders.two', 'second');
    const { program } = await writeProgram({ 'session2.js': greet('replayed') });
    const client = await DapClient.start(node);
    await client.debug({ program, replay: { stream: 'ORDERS', seq } }, [3]);
    const stop = await client.stopped();
    const variables = await client.variables(stop.frameId);
    assert.deepEqual([variables['subject'], variables['text']], ["'orders.two'", "'second'"]);
    const [thread] = (await client.threadsRequest()).body.threads;
    assert.equal(thread?.name, `session2js orders.two #1, replay of ORDERS ${seq}`);
    await client.continue(stop.threadId);
    await client.next<Output>('output', ({ output }) =>
      output.includes(`Replay of ORDERS ${seq} (orders.two) returned: "replayed second on`),
    );
    assert.equal((await manager.streams.info('ORDERS')).state.messages, 2);
  });

  it('restarts with the file as it is now, and the message comes again', async () => {
    const { program } = await writeProgram({ 'session3.js': greet('old') });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'session3', payload: 'x' }, [3]);
    const before = await client.stopped();
    await writeFile(program, greet('new').replace('const text', '\n  const text'));
    await client.restartRequest({});
    const after = await client.stopped();
    assert.notEqual(after.threadId, before.threadId);
    assert.equal(after.line, 3);
    await client.continue(after.threadId);
    await client.next<Output>('output', ({ output }) => output.includes('replied: "new x'));
  });

  it('goes on with the old version where a restart cannot deploy the new one', async () => {
    const { program } = await writeProgram({ 'session4.js': greet('old') });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'session4' }, [3]);
    await writeFile(program, '(subject =>');
    await assert.rejects(client.restartRequest({}), /session4\.js/);
    const reply = ask('session4', 'y');
    const stop = await client.stopped();
    await client.continue(stop.threadId);
    assert.equal(await reply, 'old y on session4');
  });

  it('that disconnects leaves the workload answering, also the message it was stopped in', async () => {
    const { program } = await writeProgram({ 'session5.js': greet('left') });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'session5' }, [2, 3]);
    const reply = ask('session5', 'a');
    await client.stopped();
    await client.disconnectRequest({});
    assert.equal(await reply, 'left a on session5');
    assert.equal(await ask('session5', 'b'), 'left b on session5');
  });

  it('whose client vanishes leaves the workload answering too', async () => {
    const { program } = await writeProgram({ 'session6.js': greet('left') });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'session6' }, [3]);
    const reply = ask('session6', 'a');
    await client.stopped();
    await client.vanish();
    assert.equal(await reply, 'left a on session6');
  });

  it('that is terminated stops the workload', async () => {
    const { program } = await writeProgram({ 'session7.js': greet('gone') });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'session7' });
    assert.equal(await ask('session7', 'a'), 'gone a on session7');
    await client.terminateRequest();
    await client.next('terminated');
    await assert.rejects(ask('session7', 'b'), /no responders/);
  });

  it('that is terminated while stopped answers the message it was stopped in', async () => {
    const { program } = await writeProgram({ 'session11.js': greet('gone') });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'session11' }, [3]);
    const reply = nats.request('session11', 'a', { timeout: 20_000 });
    await client.stopped();
    await client.terminateRequest();
    await client.next('terminated');
    assert.equal((await reply).headers?.get('Nats-Service-Error-Code'), '502');
  });

  it('attaches to a workload that runs, by its name', async () => {
    const { program } = await writeProgram({ 'session8.js': greet('attached') });
    const first = await DapClient.start(node);
    await first.debug({ program, subject: 'session8' });
    await first.disconnectRequest({});
    const client = await DapClient.start(node);
    await client.initializeRequest();
    await client.attachRequest({ workload: 'session8js' } as DebugProtocol.AttachRequestArguments);
    await client.breakAt(program, [3]);
    await client.configurationDoneRequest();
    const reply = ask('session8', 'a');
    const stop = await client.stopped();
    assert.deepEqual([stop.line, stop.path], [3, program]);
    await client.continue(stop.threadId);
    assert.equal(await reply, 'attached a on session8');
  });

  it('to a workload that does not run says which ones do', async () => {
    const client = await DapClient.start(node);
    await client.initializeRequest();
    const attach = { workload: 'nobody' } as DebugProtocol.AttachRequestArguments;
    await assert.rejects(client.attachRequest(attach), /No workload nobody runs in namespace/);
  });

  it('survives its agent: the node starts another, and the next message stops again', async () => {
    const program = `(subject, payload) => {
  const text = String.fromCharCode(...payload);
  if (text === 'loop') for (;;) new Array(1000).fill(text);
  return text;
};
`;
    const { program: path } = await writeProgram({ 'session9.js': program });
    const client = await DapClient.start(node);
    await client.debug({ program: path, subject: 'session9' });
    const failed = await nats.request('session9', 'loop', { timeout: 20_000 });
    assert.ok(failed.headers);
    await client.next<Output>('output', ({ output }) => output.includes('session9js has ended'));
    const [pending] = await client.breakAt(path, [4]);
    assert.equal(pending?.verified, true);
    await client.next<Output>('output', ({ output }) => output.includes('session9js again'));
    const reply = ask('session9', 'again');
    const stop = await client.stopped();
    assert.equal(stop.line, 4);
    await client.continue(stop.threadId);
    assert.equal(await reply, 'again');
  });

  it('serves each connection of a port with a session of its own', async () => {
    const { program } = await writeProgram({ 'session10.js': greet('port') });
    const server = spawn(process.execPath, [adapterPath, '--port', '0'], {
      env: node.environment,
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    try {
      const [line] = (await once(createInterface({ input: server.stderr }), 'line')) as [string];
      const port = Number(/:(\d+)$/.exec(line)?.[1]);
      const stray = createConnection(port, '127.0.0.1');
      await once(stray, 'connect');
      stray.destroy();
      const client = await DapClient.connect(port);
      await client.debug({ program, subject: 'session10', payload: 'x' }, [3]);
      const stop = await client.stopped();
      await client.continue(stop.threadId);
      await client.next<Output>('output', ({ output }) => output.includes('replied: "port x'));
      await client.disconnectRequest({});
    } finally {
      server.kill();
      await once(server, 'exit');
    }
  });
});
