import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DapClient, endClients, writeProgram, type Stop } from '../support/dapClient.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';

const program = `(subject, payload) => {
  const big = Array.from({ length: 1000 }, (_, index) => index * 2);
  const object = { a: 1, 'b-c': [true, null], get lazy() { return 42; }, set only(value) {} };
  const map = new Map([['key', { deep: 1n }]]);
  class Secret { #hidden = 7; open = 8; }
  const secret = new Secret();
  let answer = 'unchanged';
  const list = [1, 2, 3];
  return { answer, list };
};
`;

describe('values', () => {
  let node: TestNode;
  let nats: NatsConnection;
  let client: DapClient;
  let stop: Stop;
  let reply: Promise<unknown>;

  after(endClients);
  before(async () => {
    node = await startTestNode();
    nats = await node.connect();
    const { program: path } = await writeProgram({ 'values.js': program });
    client = await DapClient.start(node);
    await client.debug({ program: path, subject: 'values' }, [9]);
  });

  beforeEach(async () => {
    reply = nats.request('values', 'four', { timeout: 20_000 }).then((message) => message.json());
    stop = await client.stopped();
  });

  const goOn = async () => {
    await client.continue(stop.threadId);
    return reply;
  };

  const find = async (name: string) => {
    const { scopes } = (await client.scopesRequest({ frameId: stop.frameId })).body;
    const variables = await client.children(scopes[0]?.variablesReference ?? 0);
    const variable = variables.find((one) => one.name === name);
    assert.ok(variable, name);
    return { variable, scope: scopes[0]?.variablesReference ?? 0 };
  };

  it('read as JavaScript writes them', async () => {
    const { big, object, map, secret, answer, payload, subject } = await client.variables(
      stop.frameId,
    );
    assert.deepEqual(
      { object, map, secret, answer, subject },
      {
        object: '{a: 1, b-c: Array(2), lazy: (...)}',
        map: "Map(1) {'key' => Object}",
        secret: 'Secret {#hidden: 7, open: 8}',
        answer: "'unchanged'",
        subject: "'values'",
      },
    );
    assert.match(big ?? '', /^\(1000\) \[0, 2, 4, .*…\]$/);
    assert.equal(payload, 'Uint8Array(4) [102, 111, 117, 114]');
    await goOn();
  });

  it('of a big array come page by page', async () => {
    const { variable } = await find('big');
    assert.equal(variable.indexedVariables, 1000);
    const page = await client.children(variable.variablesReference, {
      filter: 'indexed',
      start: 990,
      count: 5,
    });
    assert.deepEqual(
      page.map(({ name, value }) => `${name}=${value}`),
      ['990=1980', '991=1982', '992=1984', '993=1986', '994=1988'],
    );
    const named = await client.children(variable.variablesReference, { filter: 'named' });
    assert.deepEqual(
      named.map(({ name }) => name),
      ['length', '[[Prototype]]'],
    );
    await goOn();
  });

  it('of getters are read when they are unfolded, and not before', async () => {
    const { variable } = await find('object');
    const children = await client.children(variable.variablesReference);
    const lazy = children.find(({ name }) => name === 'lazy');
    assert.deepEqual([lazy?.value, lazy?.presentationHint?.lazy], ['(...)', true]);
    const [value] = await client.children(lazy?.variablesReference ?? 0);
    assert.equal(value?.value, '42');
    assert.equal(children.find(({ name }) => name === 'only')?.value, 'write-only');
    assert.equal(children.find(({ name }) => name === 'b-c')?.evaluateName, 'object["b-c"]');
    await goOn();
  });

  it('of private members and map entries are readable', async () => {
    const secret = await client.children((await find('secret')).variable.variablesReference);
    const hidden = secret.find(({ name }) => name === '#hidden');
    assert.deepEqual([hidden?.value, hidden?.presentationHint?.visibility], ['7', 'private']);
    const map = await client.children((await find('map')).variable.variablesReference);
    const entries = map.find(({ name }) => name === '[[Entries]]');
    const [entry] = await client.children(entries?.variablesReference ?? 0);
    assert.match(entry?.value ?? '', /"?key"? => Object/);
    await goOn();
  });

  it('that are set change the reply', async () => {
    const { scope, variable } = await find('list');
    const set = await client.setVariableRequest({
      variablesReference: scope,
      name: 'answer',
      value: '`${subject} changed`',
    });
    assert.equal(set.body.value, "'values changed'");
    await client.setVariableRequest({
      variablesReference: variable.variablesReference,
      name: '1',
      value: '{ x: 1 }',
    });
    const { frameId } = stop;
    await client.customRequest('setExpression', { expression: 'list[2]', value: '"z"', frameId });
    assert.deepEqual(await goOn(), { answer: 'values changed', list: [1, { x: 1 }, 'z'] });
  });

  it('that cannot be set say why', async () => {
    const { scope } = await find('list');
    const request = { variablesReference: scope, name: 'answer', value: 'nobody' };
    await assert.rejects(client.setVariableRequest(request), /nobody is not defined/);
    await goOn();
  });

  it('come from the console, also with host services and with this', async () => {
    const { frameId } = stop;
    assert.equal(await client.value('{a: subject.length}', frameId, 'repl'), '{a: 6}');
    assert.equal(await client.value('this === globalThis', frameId, 'repl'), 'true');
    assert.equal(await client.value('typeof this.kv', frameId, 'repl'), "'function'");
    await assert.rejects(
      client.value("this.kv('none').get('key')", frameId, 'repl'),
      /failed to get value for key/,
    );
    await assert.rejects(client.value('nobody.knows', frameId, 'repl'), /nobody is not defined/);
    await goOn();
  });

  it('of a hover never change anything, those of a watch may call', async () => {
    const { frameId } = stop;
    assert.equal(await client.value('list.length', frameId, 'hover'), '3');
    await assert.rejects(client.value('list.push(4)', frameId, 'hover'), /side-effect/);
    assert.equal(await client.value('list.map((n) => n + 1)', frameId, 'watch'), '(3) [2, 3, 4]');
    await assert.rejects(client.value('for (;;) {}', frameId, 'watch'), /terminated/);
    assert.deepEqual(await goOn(), { answer: 'unchanged', list: [1, 2, 3] });
  });

  it('go to the clipboard whole', async () => {
    const text = await client.value('({ big: big.slice(0, 3), map })', stop.frameId, 'clipboard');
    assert.deepEqual(JSON.parse(text), { big: [0, 2, 4], map: [['key', { deep: '1' }]] });
    await goOn();
  });

  it('of an earlier stop say so', async () => {
    const { variable } = await find('list');
    const { threadId } = stop;
    await goOn();
    // The reply may be here before the adapter knows of the end.
    await client.exited(threadId);
    await assert.rejects(client.children(variable.variablesReference), /earlier stop/);
    await assert.rejects(client.value('1 + 1'), /No invocation runs/);
    reply = nats.request('values', 'four', { timeout: 20_000 }).then((message) => message.json());
    stop = await client.stopped();
    await goOn();
  });

  it('have their bytes, as far as there are any', async () => {
    const { variable } = await find('payload');
    const { memoryReference } = variable;
    const read = async (offset: number, count: number) => {
      const args = { memoryReference, offset, count };
      const response: DebugProtocol.ReadMemoryResponse = await client.customRequest(
        'readMemory',
        args,
      );
      const { body } = response;
      const { data = '', unreadableBytes } = body ?? {};
      return [Buffer.from(data, 'base64').toString(), unreadableBytes];
    };
    assert.deepEqual(await read(1, 2), ['ou', undefined]);
    assert.deepEqual(await read(2, 10), ['ur', 8]);
    await goOn();
  });
});
