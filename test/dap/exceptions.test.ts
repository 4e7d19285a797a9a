import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { DapClient, endClients, writeProgram } from '../support/dapClient.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';

const program = `(subject, payload) => {
  const what = String.fromCharCode(...payload);
  const check = () => {
    if (what === 'caught') throw new RangeError('inside a try');
    if (what === 'string') throw 'only a string';
    if (what === 'error') throw new TypeError('nobody catches {this}');
    if (what === 'missing') this.kv('no_such_bucket').get('key');
  };
  if (what !== 'caught') check();
  try {
    check();
    [1].forEach(() => check());
    this.kv('no_such_bucket').get('key');
  } catch (error) {
    return String(error);
  }
};
`;

const later = `const load = async (what) => {
  await null;
  throw new Error(what);
};

async (subject, payload) => {
  const what = String.fromCharCode(...payload);
  if (what === 'chained') return load(what).catch((error) => 'chained ' + error.message);
  try {
    if (what === 'tried') await load(what);
  } catch (error) {
    return 'tried ' + error.message;
  }
  return load(what);
};
`;

describe('exceptions', () => {
  let node: TestNode;
  let nats: NatsConnection;
  afterEach(endClients);
  before(async () => {
    node = await startTestNode();
    nats = await node.connect();
  });

  const send = (subject: string, payload: string) =>
    nats.request(subject, payload, { timeout: 20_000 });

  it('that nobody catches stop where they are thrown, the others pass unseen', async () => {
    const { program: path } = await writeProgram({ 'throws1.js': program });
    const client = await DapClient.start(node);
    await client.debug({ program: path, subject: 'throws1' }, [], ['uncaught']);
    assert.equal((await send('throws1', 'caught')).json(), 'RangeError: inside a try');
    const reply = send('throws1', 'error');
    const stop = await client.stopped();
    assert.deepEqual([stop.reason, stop.line], ['exception', 6]);
    assert.equal(stop.text, 'TypeError: nobody catches {this}');
    const info = (await client.exceptionInfoRequest({ threadId: stop.threadId })).body;
    assert.equal(info.exceptionId, 'TypeError');
    assert.equal(info.breakMode, 'unhandled');
    assert.match(info.details?.stackTrace ?? '', /at check \(.*throws1\.js:6:/);
    await client.continue(stop.threadId);
    const failed = await reply;
    assert.match(failed.headers?.get('Nats-Service-Error') ?? '', /nobody catches/);
  });

  it('that are primitive strings are shown as what they are', async () => {
    const { program: path } = await writeProgram({ 'throws2.js': program });
    const client = await DapClient.start(node);
    await client.debug({ program: path, subject: 'throws2' }, [], ['uncaught']);
    for (const [payload, line, text] of [
      ['string', 5, /^only a string$/],
      ['missing', 7, /^Error: failed to get value for key/],
    ] as const) {
      const reply = send('throws2', payload);
      const stop = await client.stopped();
      assert.deepEqual([stop.reason, stop.line], ['exception', line]);
      assert.match(stop.text ?? '', text);
      const info = (await client.exceptionInfoRequest({ threadId: stop.threadId })).body;
      assert.equal(info.exceptionId, 'thrown string');
      await client.continue(stop.threadId);
      await reply;
    }
  });

  it('all stop, also where the function catches them', async () => {
    const { program: path } = await writeProgram({ 'throws3.js': program });
    const client = await DapClient.start(node);
    await client.debug({ program: path, subject: 'throws3' }, [], ['all']);
    const reply = send('throws3', 'caught');
    const stop = await client.stopped();
    assert.deepEqual([stop.reason, stop.line], ['exception', 4]);
    await client.setExceptionBreakpointsRequest({ filters: [] });
    await client.continue(stop.threadId);
    await reply;
    const failed = await send('throws3', 'error');
    assert.ok(failed.headers);
  });

  it('of promises count as caught where an awaiting try or a catch handler takes them', async () => {
    const { program: path } = await writeProgram({ 'throws4.js': later });
    const client = await DapClient.start(node);
    await client.debug({ program: path, subject: 'throws4' }, [], ['uncaught']);
    assert.equal((await send('throws4', 'tried')).json(), 'tried tried');
    assert.equal((await send('throws4', 'chained')).json(), 'chained chained');
    const reply = send('throws4', 'loose');
    const stop = await client.stopped();
    assert.deepEqual([stop.reason, stop.line, stop.text], ['exception', 3, 'Error: loose']);
    await client.continue(stop.threadId);
    assert.ok((await reply).headers);
  });

  it('do not end a step over the line that catches them', async () => {
    const { program: path } = await writeProgram({ 'throws5.js': program });
    const client = await DapClient.start(node);
    await client.debug({ program: path, subject: 'throws5' }, [11], ['uncaught']);
    const reply = send('throws5', 'caught');
    const stop = await client.stopped();
    assert.equal(stop.line, 11);
    await client.nextRequest({ threadId: stop.threadId });
    const next = await client.stopped();
    assert.deepEqual([next.reason, next.frames.length], ['step', 1]);
    await client.continue(next.threadId);
    await reply;
  });
});
