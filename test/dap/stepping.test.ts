import assert from 'node:assert/strict';
import { DapClient, endClients, writeProgram } from '../support/dapClient.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';

const program = `const double = (number) => {
  return number * 2;
};

(subject, payload) => {
  const bucket = this.kv('numbers');
  const a = double(payload.length);
  console.log('doubled', a);
  const b = [1, 2].map((n) => double(n));
  return { a, b };
};
`;

const later = `const half = async (n) => {
  await null;
  return n / 2;
};

async (subject, payload) => {
  const x = await half(payload.length);
  return { x };
};
`;

describe('stepping', () => {
  let node: TestNode;
  afterEach(endClients);
  before(async () => {
    node = await startTestNode();
  });

  async function stopAt(name: string, text: string, line: number) {
    const { program } = await writeProgram({ [`${name}.js`]: text });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: name }, [line]);
    const nats = await node.connect();
    const send = () => nats.request(name, 'four', { timeout: 20_000 });
    const reply = send();
    const stop = await client.stopped();
    return { client, reply, send, threadId: stop.threadId, program };
  }

  it('over a line, into a function and out of it shows the lines that run', async () => {
    const { client, reply, threadId } = await stopAt('steps1', program, 6);
    await client.nextRequest({ threadId });
    const over = await client.stopped();
    assert.deepEqual([over.reason, over.line], ['step', 7]);
    await client.stepInRequest({ threadId });
    const inside = await client.stopped();
    assert.equal(inside.line, 2);
    assert.deepEqual(
      inside.frames.map(({ name, line }) => [name, line]),
      [
        ['double', 2],
        ['(anonymous)', 7],
      ],
    );
    await client.stepOutRequest({ threadId });
    const out = await client.stopped();
    assert.equal(out.frames.length, 1);
    await client.continue(threadId);
    assert.deepEqual((await reply).json(), { a: 8, b: [2, 4] });
  });

  it('into a host service or the console never shows code that is not the user’s', async () => {
    const { client, reply, threadId, program: path } = await stopAt('steps2', program, 6);
    const lines: number[] = [];
    for (let count = 0; count < 40; count += 1) {
      await client.stepInRequest({ threadId });
      const event = await Promise.race([client.stopped(), reply]);
      if (!('reason' in event)) break;
      assert.ok(event.frames.every(({ source }) => source?.path === path));
      lines.push(event.line);
    }
    assert.deepEqual((await reply).json(), { a: 8, b: [2, 4] });
    assert.deepEqual([...new Set(lines)], [7, 2, 8, 9, 10]);
  });

  it('out of the function lets it end, and the next message runs freely', async () => {
    for (const action of ['stepOut', 'next'] as const) {
      const { client, reply, send, threadId, program } = await stopAt(
        `steps3${action}`.toLowerCase(),
        'const limit = 1;\nfunction handler(subject, payload) {\n  return payload.length > limit;\n}\nhandler;\n',
        3,
      );
      await client.breakAt(program, []);
      for (let left = 5; left > 0; left -= 1) {
        await client.customRequest(action, { threadId });
        const event = await Promise.race([client.stopped(), reply]);
        if (!('reason' in event)) break;
      }
      assert.equal((await reply).string(), 'true');
      assert.equal((await send()).string(), 'true');
    }
  });

  it('over an await stays in the function, and the awaiting frames are shown', async () => {
    const { client, reply, threadId, program } = await stopAt('steps4', later, 7);
    await client.breakAt(program, [3]);
    await client.nextRequest({ threadId });
    const inner = await client.stopped();
    assert.equal(inner.line, 3);
    assert.deepEqual(
      inner.frames.map(({ name, line }) => [name, line]),
      [
        ['half', 3],
        ['await', 0],
        ['(anonymous)', 7],
      ],
    );
    await client.breakAt(program, []);
    await client.stepOutRequest({ threadId });
    assert.equal((await client.stopped()).line, 8);
    await client.continue(threadId);
    assert.deepEqual((await reply).json(), { x: 2 });
  });

  it('pause stops a function that runs on and on', async () => {
    const loop = `(subject, payload) => {
  let turns = 0;
  while (globalThis.ended !== true) {
    turns += 1;
  }
  return 'ended';
};
`;
    const { program } = await writeProgram({ 'loop.js': loop });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'loop' });
    const nats = await node.connect();
    const reply = nats.request('loop', '', { timeout: 20_000 });
    const { threadId } = await client.next<{ threadId: number }>(
      'thread',
      ({ threadId }: { threadId: number }) => threadId > 1,
    );
    await client.pauseRequest({ threadId });
    const stop = await client.stopped();
    assert.equal(stop.reason, 'pause');
    await client.value('ended = true', stop.frameId);
    await client.continue(threadId);
    assert.equal((await reply).json(), 'ended');
  });

  it('pause with nothing running stops the next message at its first line', async () => {
    const { program: path } = await writeProgram({ 'idle.js': later });
    const client = await DapClient.start(node);
    await client.debug({ program: path, subject: 'idle' });
    await client.pauseRequest({ threadId: 1 });
    const nats = await node.connect();
    const reply = nats.request('idle', 'four', { timeout: 20_000 });
    const stop = await client.stopped();
    assert.deepEqual([stop.reason, stop.path], ['pause', path]);
    await client.continue(stop.threadId);
    assert.deepEqual((await reply).json(), { x: 2 });
  });
});
