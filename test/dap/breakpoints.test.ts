import assert from 'node:assert/strict';
import { startTestNode, type TestNode } from '../support/devNode.ts';
import { DapClient, writeProgram } from '../support/dapClient.ts';

const echo = `(subject, payload) => {
  const text = String.fromCharCode(...payload);
  let length = text.length;
  length += 1;
  return { triggered_on: subject, payload: text, length };
};
`;

describe('breakpoints', function () {
  let node: TestNode;
  before(async () => {
    node = await startTestNode();
  });

  it('stop where the payload can be seen, and the reply arrives after continue', async () => {
    const { program } = await writeProgram({ 'echo1.js': echo });
    const client = await DapClient.start(node);
    const [breakpoint] = await client.debug({ program, subject: 'echo1' }, [3]);
    assert.deepEqual([breakpoint?.verified, breakpoint?.line], [true, 3]);
    const nats = await node.connect();
    const reply = nats.request('echo1', 'hello nex!', { timeout: 20_000 });
    const stop = await client.stopped();
    assert.deepEqual([stop.reason, stop.line, stop.path], ['breakpoint', 3, program]);
    const variables = await client.variables(stop.frameId);
    assert.equal(variables['subject'], "'echo1'");
    assert.equal(variables['text'], "'hello nex!'");
    await client.continue(stop.threadId);
    const expected = { triggered_on: 'echo1', payload: 'hello nex!', length: 11 };
    assert.deepEqual((await reply).json(), expected);
  });
});
