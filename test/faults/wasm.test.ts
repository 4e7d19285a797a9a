import assert from 'node:assert/strict';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';
import { assembleWat, watProgram } from '../support/wat.ts';

const write = (length: number) =>
  `(call $write (i32.const 1) (i32.const 100) (i32.const ${length}))`;

/** Programs that misbehave, and the error that their caller gets. */
const misbehaving = {
  'never ends': {
    body: '(loop $again (br $again))',
    code: '504',
    text: /^wasm execution timed out after 1000ms$/,
  },
  'grows its memory without bound': {
    body: `(loop $again
      (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))
      (memory.fill (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1048576)) (i32.const 1) (i32.const 1048576))
      (br $again))`,
    code: '500',
    text: /^unreachable; its memory had grown to \d\d MB of at most 32 MB$/,
  },
  'calls itself for ever': {
    body: '(call $start)',
    code: '500',
    text: /^Maximum call stack size exceeded$/,
  },
  'writes 100 MB to stdout': {
    body: `(local $left i32) (local.set $left (i32.const 1600))
      (loop $again ${write(65_536)}
        (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))`,
    code: '500',
    text: /^the function wrote more to stdout than the 1048576 bytes that this NATS server takes$/,
  },
  'calls a function that is not there': {
    body: '(call_indirect (i32.const 7))',
    fields: '(table 1 funcref)',
    code: '500',
    text: /^table index is out of bounds$/,
  },
};

describe('a WebAssembly function that', () => {
  let node: TestNode;
  let connection: NatsConnection;
  before(async () => {
    ({ node, connection } = await startConnectedNode());
    const module = await assembleWat(watProgram({ body: write(1) }));
    await deploy('bystander', module);
  });
  after(() => node.stop());

  const deploy = (name: string, source: Uint8Array) =>
    deployFunction(node, connection, {
      file: `${name}.wasm`,
      source,
      subjects: [`faults.${name}`],
      extension: { limits: { timeoutMs: 1000, memoryMb: 32 } },
    });
  const ask = (name: string): Promise<Msg> =>
    connection.request(`faults.${name}`, '', { timeout: 20_000 });
  const isAnswering = async (name: string) => (await ask(name)).headers === undefined;

  for (const [what, { code, text, ...program }] of Object.entries(misbehaving)) {
    it(`${what} fails by itself; the node and the next message are none the worse`, async () => {
      await deploy('culprit', await assembleWat(watProgram(program)));
      for (let call = 0; call < 3; call += 1) {
        const { headers } = await ask('culprit');
        assert.match(headers?.get('Nats-Service-Error') ?? '', text);
        assert.equal(headers?.get('Nats-Service-Error-Code'), code);
      }
      assert.ok(await isAnswering('bystander'));
    });
  }

  const unfit = {
    'is no module': {
      bytes: Buffer.from('\0asm but not really'),
      refusal: /refused it: failed to compile module: /,
    },
    'is cut off': {
      bytes: Buffer.from('0061736d0100000001', 'hex'),
      refusal: /refused it: failed to compile module: /,
    },
  };
  for (const [what, { bytes, refusal }] of Object.entries(unfit)) {
    it(`${what} is refused; the node goes on`, async () => {
      await assert.rejects(deploy('unfit', bytes), refusal);
      assert.ok(await isAnswering('bystander'));
    });
  }

  it('begins with more memory than it may have fails every call; the node goes on', async () => {
    const text = '(module (memory (export "memory") 1000) (func (export "_start")))';
    await deploy('large', await assembleWat(text));
    const { headers } = await ask('large');
    assert.match(headers?.get('Nats-Service-Error') ?? '', /Cannot allocate Wasm memory/);
    assert.ok(await isAnswering('bystander'));
  });
});
