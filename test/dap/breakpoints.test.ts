import assert from 'node:assert/strict';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DapClient, endClients, writeProgram } from '../support/dapClient.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';

const echo = `(subject, payload) => {
  const text = String.fromCharCode(...payload);
  // nothing to stop at here
  let length = text.length;
  length += 1;
  return { triggered_on: subject, payload: text, length };
};
`;

describe('breakpoints', () => {
  let node: TestNode;
  afterEach(endClients);
  before(async () => {
    node = await startTestNode();
  });

  const send = async (subject: string, payload: string) => {
    const nats = await node.connect();
    return (await nats.request(subject, payload, { timeout: 20_000 })).json<
      Record<string, unknown>
    >();
  };

  it('stop where the payload can be seen, and the reply arrives after continue', async () => {
    const { program } = await writeProgram({ 'echo1.js': echo });
    const client = await DapClient.start(node);
    const [breakpoint] = await client.debug({ program, subject: 'echo1' }, [4]);
    assert.deepEqual([breakpoint?.verified, breakpoint?.line], [true, 4]);
    const reply = send('echo1', 'hello nex!');
    const stop = await client.stopped();
    assert.deepEqual([stop.reason, stop.line, stop.path], ['breakpoint', 4, program]);
    const variables = await client.variables(stop.frameId);
    assert.equal(variables['subject'], "'echo1'");
    assert.equal(variables['text'], "'hello nex!'");
    await client.continue(stop.threadId);
    assert.deepEqual(await reply, { triggered_on: 'echo1', payload: 'hello nex!', length: 11 });
  });

  it('stop the next message too, in a thread of its own, and no waiting message is lost', async () => {
    const { program } = await writeProgram({ 'echo2.js': echo });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'echo2' }, [6]);
    const replies = ['a', 'b', 'c', 'd'].map((payload) => send('echo2', payload));
    const threads: number[] = [];
    for (let count = 0; count < replies.length; count += 1) {
      const { threadId } = await client.stopped();
      threads.push(threadId);
      const [thread] = (await client.threadsRequest()).body.threads;
      assert.match(thread?.name ?? '', new RegExp(`^echo2js echo2 #${count + 1}`));
      await client.continue(threadId);
      await client.exited(threadId);
    }
    assert.equal(new Set(threads).size, 4);
    const payloads = (await Promise.all(replies)).map(({ payload }) => payload);
    assert.deepEqual(payloads.sort(), ['a', 'b', 'c', 'd']);
    const { threads: idle } = (await client.threadsRequest()).body;
    assert.deepEqual(idle, [{ id: 1, name: 'echo2js waiting on echo2' }]);
  });

  it('move to the next line that has code, and say where none has', async () => {
    const { program } = await writeProgram({ 'echo3.js': echo });
    const client = await DapClient.start(node);
    const breakpoints = await client.debug({ program, subject: 'echo3' }, [3, 4, 40]);
    const seen = breakpoints.map(({ verified, line }) => [verified, line]);
    assert.deepEqual(seen, [
      [true, 4],
      [true, 4],
      [false, undefined],
    ]);
    const reply = send('echo3', 'x');
    const { threadId } = await client.stopped();
    await client.continue(threadId);
    await reply;
  });

  it('can be set and taken away while the function stands still', async () => {
    const { program } = await writeProgram({ 'echo4.js': echo });
    const client = await DapClient.start(node);
    const [first] = await client.debug({ program, subject: 'echo4' }, [2]);
    const reply = send('echo4', 'x');
    const { threadId } = await client.stopped();
    const [kept, added] = await client.breakAt(program, [2, 6]);
    assert.equal(kept?.id, first?.id);
    assert.notEqual(added?.id, first?.id);
    await client.continue(threadId);
    assert.equal((await client.stopped()).line, 6);
    await client.breakAt(program, []);
    await client.continue(threadId);
    await reply;
    assert.equal((await send('echo4', 'free'))['payload'], 'free');
  });

  it('set and taken away between messages are the ones that stop, each as itself', async () => {
    const { program } = await writeProgram({ 'echo4b.js': echo });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'echo4b' });
    await send('echo4b', 'first');
    for (const lines of [[2, 4, 5, 6], [2, 5, 6], [5]]) {
      const breakpoints = await client.breakAt(program, lines);
      const reply = send('echo4b', 'x');
      for (const { id, line } of breakpoints) {
        const { hitBreakpointIds, threadId } =
          await client.next<DebugProtocol.StoppedEvent['body']>('stopped');
        assert.deepEqual([line, hitBreakpointIds], [line, [id]]);
        await client.continue(threadId ?? 0);
      }
      await reply;
    }
  });

  it('with a condition stop only where it holds', async () => {
    const { program } = await writeProgram({ 'echo5.js': echo });
    const client = await DapClient.start(node);
    const condition = "text === 'yes' && this === globalThis";
    await client.debug({ program, subject: 'echo5' }, [{ line: 5, condition }]);
    assert.equal((await send('echo5', 'no'))['payload'], 'no');
    const reply = send('echo5', 'yes');
    const stop = await client.stopped();
    assert.equal((await client.variables(stop.frameId))['text'], "'yes'");
    await client.continue(stop.threadId);
    await reply;
  });

  it('with a condition that cannot be read or fails say so and never stop', async () => {
    const { program } = await writeProgram({ 'echo6.js': echo });
    const client = await DapClient.start(node);
    const [unreadable, failing] = await client.debug({ program, subject: 'echo6' }, [
      { line: 5, condition: '(text ===' },
      { line: 6, condition: 'nobody.knows' },
    ]);
    assert.deepEqual([unreadable?.verified, failing?.verified], [false, true]);
    assert.match(unreadable?.message ?? '', /condition cannot be read/);
    assert.equal((await send('echo6', 'x'))['payload'], 'x');
    await client.next('output', ({ output }: DebugProtocol.OutputEvent['body']) =>
      output.includes('"nobody.knows" of a breakpoint failed: ReferenceError: nobody is not'),
    );
  });

  it('take a condition, a hit count and a log message all at once', async () => {
    const { program } = await writeProgram({ 'echo7.js': echo });
    const client = await DapClient.start(node);
    const breakpoint = {
      line: 5,
      condition: "(text.startsWith('n'))",
      hitCondition: '>= 2',
      logMessage: 'hit {text} {{ length }} {[...text]}',
    };
    await client.debug({ program, subject: 'echo7' }, [breakpoint]);
    for (const payload of ['x', 'n1', 'n2', 'n3']) await send('echo7', payload);
    await client.next('output', ({ output }: DebugProtocol.OutputEvent['body']) =>
      output.startsWith('hit n3'),
    );
    const logged = client.printed.split('\n').filter((line) => line.startsWith('hit'));
    assert.deepEqual(logged, [
      "hit n2 {length: 2} (2) ['n', '2']",
      "hit n3 {length: 2} (2) ['n', '3']",
    ]);
  });

  it('are offered where V8 can stop', async () => {
    const { program } = await writeProgram({ 'echo8.js': echo });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'echo8' });
    const { breakpoints } = (
      await client.customRequest('breakpointLocations', {
        source: { path: program },
        line: 2,
      })
    ).body as DebugProtocol.BreakpointLocationsResponse['body'];
    assert.deepEqual(breakpoints, [
      { line: 2, column: 16 },
      { line: 2, column: 23 },
    ]);
  });

  it('stop on entry, before the first statement of every invocation', async () => {
    const { program } = await writeProgram({ 'echo9.js': echo });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'echo9', stopOnEntry: true, payload: 'first' });
    const stop = await client.stopped();
    assert.deepEqual([stop.reason, stop.line], ['entry', 2]);
    await client.continue(stop.threadId);
    await client.next('output', ({ output }: DebugProtocol.OutputEvent['body']) =>
      output.includes('echo9 replied: {"triggered_on":"echo9","payload":"first"'),
    );
    const reply = send('echo9', 'second');
    const again = await client.stopped();
    assert.deepEqual([again.reason, again.line], ['entry', 2]);
    await client.continue(again.threadId);
    assert.equal((await reply)['payload'], 'second');
  });
});
