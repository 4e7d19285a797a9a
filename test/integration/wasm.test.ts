import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { z } from 'zod';
import type { Mode } from '../../runtime/protocol/workloadTypes.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';
import { readConversation } from '../support/recording.ts';
import { Publications } from '../support/services.ts';
import { Outcomes } from './fidelity/outcomes.ts';
import { silence } from './fidelity/row.ts';
import { assembleWat, watProgram } from '../support/wat.ts';
import { wasmRows, type Expected, type WasmRow } from '../support/wasmRows.ts';

const modes = ['faithful', 'strict'] as const;
/** An import of no use to the programs, by which the one or the other of the two WASI implementations serves them. */
const implementations = { 'our WASI functions': [], '@wasmer/wasi': ['path_open'] } as const;

const callSchema = z.object({ workload_id: z.string() });

describe('WebAssembly functions (A.9)', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let published: Publications;
  let programs = 0;
  before(async () => {
    ({ node, connection } = await startConnectedNode());
    published = new Publications(connection);
  });
  after(() => node.stop());

  async function deploy(module: Uint8Array, mode: Mode, row: Partial<WasmRow> = {}) {
    programs += 1;
    const { workloadId } = await deployFunction(node, connection, {
      // One name for all, so that each takes the place of the one before.
      file: 'program.wasm',
      source: module,
      subjects: [`wasm.${programs}.*`],
      env: row.env ?? {},
      extension: { options: { mode }, limits: { timeoutMs: 500 } },
    });
    return { workloadId, subject: `wasm.${programs}.a` };
  }

  const ask = async (subject: string, payload: string | Uint8Array = ''): Promise<Buffer> =>
    Buffer.from((await connection.request(subject, payload, { timeout: 20_000 })).data);

  async function check(row: WasmRow, expected: Expected, mode: Mode, module: Uint8Array) {
    const { workloadId, subject } = await deploy(module, mode, row);
    if (typeof expected === 'object') {
      await checkFailure(workloadId, subject, expected.fails, mode);
      return;
    }
    const reply = await ask(subject, row.payload);
    if (typeof expected === 'string') assert.equal(reply.toString(), expected);
    else expected(reply, await ask(subject, row.payload));
  }

  async function checkFailure(workloadId: string, subject: string, text: RegExp, mode: Mode) {
    if (mode === 'strict') {
      connection.publish(subject);
    } else {
      const reply = await connection.request(subject, '', { timeout: 20_000 });
      assert.match(reply.headers?.get('Nats-Service-Error') ?? '', text);
    }
    assert.match(z.object({ error: z.string() }).parse(await event(workloadId)).error, text);
  }

  /** Data of the workload's first event about a call. */
  async function event(workloadId: string): Promise<unknown> {
    const find = () =>
      [
        ...published.dataOf('function_exec_failed'),
        ...published.dataOf('function_exec_succeeded'),
      ].find((data) => callSchema.safeParse(data).data?.workload_id === workloadId);
    await published.until(() => find() !== undefined);
    return find();
  }

  for (const [implementation, further] of Object.entries(implementations)) {
    describe(`served by ${implementation}`, () => {
      for (const row of wasmRows) {
        for (const mode of modes) {
          it(`${mode}: ${row.line}${row.reason === undefined ? '' : ` (${row.reason})`}`, async () => {
            const { program } = row;
            const imports = [...(program.imports ?? []), ...further];
            const module = await assembleWat(watProgram({ ...program, imports }));
            await check(row, row[mode], mode, module);
          });
        }
      }
    });
  }

  it('answer as recorded from the real node, and an empty message with an empty reply', async () => {
    const { artifacts, exchanges } = readConversation('wasm');
    const module = recordedModule(artifacts['nats://REC/wecho']);
    const { subject } = await deploy(module, 'faithful');
    const calls = exchanges.filter((exchange) => exchange.subject.startsWith('rec.wasm.'));
    assert.equal(calls.length, 3);
    for (const { request, reply } of calls) {
      assert.deepEqual(await ask(subject, recordedBytes(request)), recordedBytes(reply ?? ''));
    }
  });

  it('end as recorded in strict, the empty message in silence', async () => {
    const { artifacts, exchanges } = readConversation('wasm');
    const { subject } = await deploy(recordedModule(artifacts['nats://REC/wecho']), 'strict');
    const outcomes = new Outcomes(connection);
    const trigger = subject.replace(/a$/, '*');
    for (const { subject: called, request, reply } of exchanges) {
      if (!called.startsWith('rec.wasm.')) continue;
      const expected = reply === null ? silence : recordedBytes(reply).toString();
      assert.deepEqual(await outcomes.of(subject, recordedBytes(request), trigger), expected);
    }
  });

  it('get the recorded arguments and environment; faithful names the trigger subject', async () => {
    const { artifacts, exchanges } = readConversation('wasm-arguments');
    const module = recordedModule(artifacts['nats://REC/wargs']);
    const env = { lower: 'v1' };
    const strict = await deploy(module, 'strict', { env });
    const recorded = recordedBytes(exchanges.at(-1)?.reply).toString();
    assert.equal(
      (await ask(strict.subject)).toString(),
      recorded.replace(/agentint\.[^.]*/, `agentint.${strict.workloadId}`),
    );
    const faithful = await deploy(module, 'faithful', { env });
    assert.equal(
      (await ask(faithful.subject)).toString(),
      recorded.replace(/agentint\.[^\0]*/, faithful.subject),
    );
  });

  it('log stderr line by line; the real node keeps it from the log, and so does strict', async () => {
    const module = await assembleWat(
      watProgram({
        fields: '(data (i32.const 100) "one\\ntwo\\n")',
        body: `(call $write (i32.const 2) (i32.const 100) (i32.const 2))
          (call $write (i32.const 2) (i32.const 102) (i32.const 6))
          (call $write (i32.const 1) (i32.const 100) (i32.const 3))`,
      }),
    );
    for (const mode of modes) {
      const { workloadId, subject } = await deploy(module, mode);
      assert.equal((await ask(subject)).toString(), 'one');
      await event(workloadId);
      const lines = published.logs
        .filter(({ id, level }) => id === workloadId && level === 'ERROR')
        .map(({ text }) => text);
      assert.deepEqual(lines, mode === 'strict' ? [] : ['one', 'two']);
    }
  });

  it('say how long a call took; the real node says 0, and so does strict', async () => {
    const module = await assembleWat(
      watProgram({ body: '(call $write (i32.const 1) (i32.const 0) (i32.const 1))' }),
    );
    for (const mode of modes) {
      const { workloadId, subject } = await deploy(module, mode);
      await ask(subject);
      const succeeded = z.object({ elapsed_nanos: z.number() }).parse(await event(workloadId));
      assert.equal(succeeded.elapsed_nanos === 0, mode === 'strict');
    }
  });

  it('take and give back large payloads', async () => {
    const module = await assembleWat(
      watProgram({
        body: `(drop (memory.grow (i32.const 16)))
          (call $write (i32.const 1) (i32.const 100) (call $read (i32.const 100) (i32.const 1000000)))`,
      }),
    );
    const payload = Buffer.alloc(500_000, 'nex');
    for (const mode of modes) {
      const { subject } = await deploy(module, mode);
      assert.ok((await ask(subject, payload)).equals(payload));
    }
  });

  const unfit = {
    'import what nobody has': {
      text: '(module (import "env" "magic" (func)) (memory (export "memory") 1) (func (export "_start")))',
      refusal: /imports what a node does not have: env\.magic\. Build it as a command for WASI/,
    },
    'export no _start': {
      text: '(module (memory (export "memory") 1) (func (export "run")))',
      refusal: /exports no function _start\. Build it as a command/,
    },
  };
  for (const [what, { text, refusal }] of Object.entries(unfit)) {
    it(`that ${what} are refused; the real node takes them and fails every call, and so does strict`, async () => {
      const module = await assembleWat(text);
      await assert.rejects(deploy(module, 'faithful'), refusal);
      const { workloadId, subject } = await deploy(module, 'strict');
      await checkFailure(workloadId, subject, /./, 'strict');
    });
  }
});

const base64Schema = z.object({ base64: z.string() });
const recordedModule = (artifact: unknown) =>
  Buffer.from(base64Schema.parse(artifact).base64, 'base64');
const recordedBytes = (value: unknown): Buffer =>
  typeof value === 'string' ? Buffer.from(value) : recordedModule(value);
