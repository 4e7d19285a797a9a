import assert from 'node:assert/strict';
import { DapClient, endClients, writeProgram } from '../support/dapClient.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';

const program = `(subject, payload) => {
  return payload.length;
};
`;

const everyRequest = [
  ['threads', {}],
  ['stackTrace', { threadId: 1 }],
  ['scopes', { frameId: 1 }],
  ['variables', { variablesReference: 1 }],
  ['setVariable', { variablesReference: 1, name: 'a', value: '1' }],
  ['setExpression', { expression: 'a', value: '1' }],
  ['evaluate', { expression: '1' }],
  ['setBreakpoints', { source: { path: '/nowhere.js' }, breakpoints: [{ line: 1 }] }],
  ['setInstructionBreakpoints', { breakpoints: [{ instructionReference: '0x10' }] }],
  ['readMemory', { memoryReference: '1', count: 10 }],
  ['disassemble', { memoryReference: '0x10', instructionCount: 10 }],
  ['breakpointLocations', { source: { path: '/nowhere.js' }, line: 1 }],
  ['setExceptionBreakpoints', { filters: ['all'] }],
  ['exceptionInfo', { threadId: 1 }],
  ['continue', { threadId: 1 }],
  ['next', { threadId: 1 }],
  ['stepIn', { threadId: 1 }],
  ['stepOut', { threadId: 1 }],
  ['pause', { threadId: 1 }],
  ['source', { sourceReference: 1 }],
  ['loadedSources', {}],
  ['restart', {}],
  ['configurationDone', {}],
  ['attach', {}],
  ['launch', { program: 1 }],
  ['evaluate', { nothing: 'right' }],
  ['made-up', { any: 'thing' }],
] as const;

describe('every request', () => {
  let node: TestNode;
  afterEach(endClients);
  before(async () => {
    node = await startTestNode();
  });

  /** How each is answered; one that is not would leave the test waiting. */
  const answers = async (client: DapClient) => {
    const settled = await Promise.allSettled(
      everyRequest.map(([command, args]) => client.customRequest(command, args)),
    );
    return settled.map((one) => (one.status === 'fulfilled' ? 'done' : String(one.reason)));
  };

  it('is answered before anything is launched', async () => {
    const client = await DapClient.start(node);
    await client.initializeRequest();
    const results = await answers(client);
    assert.equal(results.length, everyRequest.length);
    assert.match(results.at(-1) ?? '', /"made-up" is not supported/);
    assert.match(results.at(-2) ?? '', /"evaluate" is malformed/);
    assert.match(results.at(-3) ?? '', /"program"|already/);
  });

  it('is answered while nothing stands still', async () => {
    const { program: path } = await writeProgram({ 'requests1.js': program });
    const client = await DapClient.start(node);
    await client.debug({ program: path, subject: 'requests1' });
    const results = await answers(client);
    assert.match(results[1] ?? '', /not stopped/);
  });

  it('is answered after the workload has been stopped', async () => {
    const { program: path } = await writeProgram({ 'requests2.js': program });
    const client = await DapClient.start(node);
    await client.debug({ program: path, subject: 'requests2' });
    await client.terminateRequest();
    assert.equal((await answers(client)).length, everyRequest.length);
  });

  it('gets what its client cannot do without: a launch that fails says why', async () => {
    const client = await DapClient.start(node);
    await client.initializeRequest();
    const launch = (args: object) => client.customRequest('launch', args);
    await assert.rejects(launch({ program: '/no/such.js', subject: 'a' }), /no file.*such\.js/);
    const { program: path } = await writeProgram({ 'requests3.js': program });
    await assert.rejects(launch({ program: path }), /"subject": a trigger subject is needed/);
    await assert.rejects(launch({ program: path, subject: 'a b' }), /"a b" cannot be a trigger/);
    const { program: broken } = await writeProgram({ 'requests4.js': '(subject) =>' });
    await assert.rejects(launch({ program: broken, subject: 'a' }), /requests4\.js/);
  });
});
