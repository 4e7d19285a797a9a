import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DapClient, endClients, writeProgram } from '../support/dapClient.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';

const files = {
  'main.mjs': `import { shout } from './shout.mjs';

export default (subject, payload) => {
  const text = String.fromCharCode(...payload);
  console.log('got', { text });
  return shout(text);
};
`,
  'shout.mjs': `export function shout(text) {
  const loud = text.toUpperCase();
  if (loud === 'BOOM') throw new Error(loud);
  return loud + '!';
}
`,
};

describe('a module with imports', () => {
  let node: TestNode;
  afterEach(endClients);
  before(async () => {
    node = await startTestNode();
  });

  it('is debugged in the files it was written in', async () => {
    const { program, path } = await writeProgram(files);
    const client = await DapClient.start(node);
    const [inMain] = await client.debug({ program, subject: 'module1' }, [6]);
    const [inShout] = await client.breakAt(path('shout.mjs'), [2]);
    assert.deepEqual(
      [inMain, inShout].map((one) => [one?.verified, one?.line]),
      [
        [true, 6],
        [true, 2],
      ],
    );
    const nats = await node.connect();
    const reply = nats.request('module1', 'hi', { timeout: 20_000 });
    const first = await client.stopped();
    assert.deepEqual([first.line, first.path], [6, program]);
    assert.equal(await client.value('this === globalThis', first.frameId, 'watch'), 'true');
    await client.continue(first.threadId);
    const second = await client.stopped();
    assert.deepEqual([second.line, second.path], [2, path('shout.mjs')]);
    assert.deepEqual(
      second.frames.map(({ name, line, source }) => [name, line, source?.path]),
      [
        ['shout', 2, path('shout.mjs')],
        [second.frames[1]?.name, 6, program],
      ],
    );
    await client.nextRequest({ threadId: second.threadId });
    assert.equal((await client.stopped()).line, 3);
    await client.continue(second.threadId);
    assert.equal((await reply).json(), 'HI!');
  });

  it('prints with the line in its source, and throws with a stack that leads there', async () => {
    const { program, path } = await writeProgram(files);
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'module2' }, [], ['uncaught']);
    const nats = await node.connect();
    const reply = nats.request('module2', 'boom', { timeout: 20_000 });
    const printed = await client.next<DebugProtocol.OutputEvent['body']>(
      'output',
      ({ output }: DebugProtocol.OutputEvent['body']) => output.startsWith('got'),
    );
    assert.equal(printed.output, "got {text: 'boom'}\n");
    assert.deepEqual([printed.source?.path, printed.line], [program, 5]);
    const stop = await client.stopped();
    assert.deepEqual([stop.reason, stop.path, stop.line], ['exception', path('shout.mjs'), 3]);
    const info = (await client.exceptionInfoRequest({ threadId: stop.threadId })).body;
    const { stackTrace = '' } = info.details ?? {};
    assert.ok(stackTrace.includes(`${path('shout.mjs')}:3:`), stackTrace);
    assert.ok(stackTrace.includes(`${program}:6:`), stackTrace);
    const [, object] = await client.children(printed.variablesReference ?? 0);
    assert.equal((await client.children(object?.variablesReference ?? 0))[0]?.value, "'boom'");
    await client.continue(stop.threadId);
    await reply;
  });

  it('shows the text that runs where the file was changed since', async () => {
    const { program, path } = await writeProgram(files);
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'module3' });
    await client.breakAt(path('shout.mjs'), [2]);
    await writeFile(path('shout.mjs'), `// another first line\n${files['shout.mjs']}`);
    const nats = await node.connect();
    const reply = nats.request('module3', 'hi', { timeout: 20_000 });
    const stop = await client.stopped();
    const source = stop.frames[0]?.source;
    assert.equal(source?.name, 'shout.mjs (as it runs)');
    assert.equal(source.path, undefined);
    const { sourceReference = 0 } = source;
    const { content } = (await client.sourceRequest({ sourceReference })).body;
    assert.equal(content, files['shout.mjs']);
    const { sources } = (await client.customRequest('loadedSources')).body as {
      sources: DebugProtocol.Source[];
    };
    assert.deepEqual(sources.map(({ name }) => name).sort(), [
      'main.mjs',
      'shout.mjs (as it runs)',
    ]);
    await client.continue(stop.threadId);
    await reply;
  });
});
