import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DebugProtocol } from '@vscode/debugprotocol';
import loadWabt from 'wabt';
import { DapClient, endClients, writeProgram } from '../support/dapClient.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';

/** Adds two numbers, and prints "hi". */
const program = `(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory $memory (export "memory") 1)
  (global $count (mut i64) (i64.const -7))
  (data (i32.const 100) "hi\\n")
  (func $add (param $a i32) (param $b i32) (result i32)
    (local $sum i32)
    local.get $a
    local.get $b
    i32.add
    local.set $sum
    local.get $sum)
  (func $main (export "_start")
    (local $x f64)
    f64.const 1.5
    local.set $x
    i32.const 2
    i32.const 3
    call $add
    drop
    (i32.store (i32.const 0) (i32.const 100))
    (i32.store (i32.const 4) (i32.const 3))
    (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 20))
    drop))
`;

/** Debian's, whose standard library for WebAssembly is a package of its own. */
const rustc = '/usr/bin/rustc';
const rustLibrary = '/usr/lib/rustlib/wasm32-wasi';

const rustProgram = `use std::io::{self, Read, Write};

#[inline(never)]
fn shout(text: &mut Vec<u8>) {
    for byte in text.iter_mut() { *byte = byte.to_ascii_uppercase(); }
}

fn main() {
    let mut text = Vec::new();
    io::stdin().read_to_end(&mut text).unwrap();
    shout(&mut text);
    io::stdout().write_all(&text).unwrap();
}
`;

describe('a WebAssembly function', () => {
  let node: TestNode;
  let nats: NatsConnection;
  let binary: Uint8Array;
  afterEach(endClients);
  before(async () => {
    node = await startTestNode();
    nats = await node.connect();
    const wabt = await loadWabt();
    binary = wabt.parseWat('adder.wat', program).toBinary({ write_debug_names: true }).buffer;
  });

  const start = async (subject: string, more: object = {}) => {
    const { program: path } = await writeProgram({ 'adder.wasm': binary });
    const client = await DapClient.start(node);
    await client.debug({ program: path, subject, ...more });
    const send = () => nats.request(subject, 'hello', { timeout: 20_000 });
    return { client, send };
  };

  /** Its text, as the adapter shows it. */
  const read = async (client: DapClient) => {
    const { sources } = (await client.customRequest('loadedSources')).body as {
      sources: DebugProtocol.Source[];
    };
    const [source] = sources;
    assert.ok(source);
    const { sourceReference = 0 } = source;
    const { content, mimeType } = (await client.sourceRequest({ sourceReference })).body;
    const lines = content.split('\n');
    /** Of the n-th line that holds a text, from 1. */
    const lineOf = (text: string, nth = 1) =>
      [...lines.entries()].filter(([, line]) => line.includes(text))[nth - 1]![0] + 1;
    return { source, mimeType, lineOf };
  };

  const breakAt = async (
    client: DapClient,
    source: DebugProtocol.Source,
    breakpoints: DebugProtocol.SourceBreakpoint[],
  ) => (await client.setBreakpointsRequest({ source, breakpoints })).body.breakpoints;

  it('is shown as text, and stops in it, in this message and the next', async () => {
    const { client, send } = await start('wasm1');
    const { source, mimeType, lineOf } = await read(client);
    assert.deepEqual([source.name, mimeType], ['adder.wat', 'text/x-wat']);
    const line = lineOf('i32.add');
    const [set, moved] = await breakAt(client, source, [{ line }, { line: lineOf('(func $main') }]);
    assert.deepEqual([set?.verified, set?.line], [true, line]);
    assert.deepEqual([moved?.verified, moved?.line], [true, lineOf('f64.const 1.5')]);
    assert.match(moved?.message ?? '', /has no code; it stops at line/);
    await breakAt(client, source, [{ line }]);
    for (let count = 0; count < 2; count += 1) {
      const reply = send();
      const stop = await client.stopped();
      assert.deepEqual([stop.reason, stop.line], ['breakpoint', line]);
      assert.deepEqual(
        stop.frames.map(({ name, line: at, source: from }) => [name, at, from?.name]),
        [
          ['add', line, 'adder.wat'],
          ['main', lineOf('call $add'), 'adder.wat'],
        ],
      );
      await client.continue(stop.threadId);
      assert.equal((await reply).string(), 'hi\n');
    }
  });

  it('shows locals, operands and what the module has, with their types', async () => {
    const { client, send } = await start('wasm2');
    const { source, lineOf } = await read(client);
    await breakAt(client, source, [{ line: lineOf('i32.add') }]);
    const reply = send();
    const { frameId, threadId } = await client.stopped();
    const { scopes } = (await client.scopesRequest({ frameId })).body;
    assert.deepEqual(
      scopes.map(({ name }) => name),
      ['Locals', 'Operand stack', 'Module'],
    );
    const locals = await client.children(scopes[0]?.variablesReference ?? 0);
    assert.deepEqual(
      locals.map(({ name, value, type }) => [name, value, type]),
      [
        ['$a', '2', 'i32'],
        ['$b', '3', 'i32'],
        ['$sum', '0', 'i32'],
      ],
    );
    assert.deepEqual(await client.variables(frameId, 'Operand stack'), { 0: '2', 1: '3' });
    const module = await client.children(scopes[2]?.variablesReference ?? 0);
    const globals = module.find(({ name }) => name === 'globals');
    const [count] = await client.children(globals?.variablesReference ?? 0);
    assert.deepEqual([count?.name, count?.value, count?.type], ['$count', '-7', 'i64']);
    const memories = module.find(({ name }) => name === 'memories');
    const [memory] = await client.children(memories?.variablesReference ?? 0);
    const bytes = await client.customRequest('readMemory', {
      memoryReference: memory?.memoryReference,
      offset: 100,
      count: 2,
    });
    const { data = '' } = bytes.body as { data?: string };
    assert.equal(Buffer.from(data, 'base64').toString(), 'hi');
    const set = { variablesReference: scopes[0]?.variablesReference ?? 0, name: '$a', value: '1' };
    await assert.rejects(client.setVariableRequest(set), /V8 changes no values of WebAssembly/);
    await client.continue(threadId);
    await reply;
  });

  it('evaluates by the names of its text, in conditions and log messages too', async () => {
    const { client, send } = await start('wasm3');
    const { source, lineOf } = await read(client);
    await breakAt(client, source, [
      { line: lineOf('local.set $sum'), condition: '$a === 2 && $b === 3' },
      { line: lineOf('local.get $b'), condition: '$a === 99' },
      { line: lineOf('i32.add'), logMessage: 'adds {$a} and {$b}' },
    ]);
    const reply = send();
    const { line, frameId, threadId } = await client.stopped();
    assert.equal(line, lineOf('local.set $sum'));
    assert.match(client.printed, /adds 2 and 3\n/);
    const values: [text: string, value: string][] = [
      ['$a + $b', '5'],
      ['$a.type', "'i32'"],
      ['stack[0].value', '5'],
      ['$count', '-7n'],
      ['new Uint8Array($memory.buffer)[100]', '104'],
    ];
    for (const [text, value] of values) {
      assert.deepEqual([text, await client.value(text, frameId, 'watch')], [text, value]);
    }
    await assert.rejects(client.value('$nobody', frameId), /\$nobody is not defined/);
    await client.continue(threadId);
    await reply;
  });

  it('steps by instructions: over a call, into it and out of it', async () => {
    const { client, send } = await start('wasm4');
    const { source, lineOf } = await read(client);
    await breakAt(client, source, [{ line: lineOf('call $add') }]);
    const path: [action: 'next' | 'stepIn' | 'stepOut', text: string, nth?: number][] = [
      ['stepIn', 'local.get $a'],
      ['next', 'local.get $b'],
      ['stepOut', 'drop'],
    ];
    const reply = send();
    const { threadId } = await client.stopped();
    for (const [action, text, nth] of path) {
      await client.customRequest(action, { threadId });
      assert.deepEqual([action, (await client.stopped()).line], [action, lineOf(text, nth)]);
    }
    await client.continue(threadId);
    await reply;
    const again = send();
    await client.stopped();
    await client.nextRequest({ threadId });
    assert.equal((await client.stopped()).line, lineOf('drop'));
    await client.continue(threadId);
    await again;
  });

  it('stops at an offset of its disassembly, and on entry', async () => {
    const { client, send } = await start('wasm5', { stopOnEntry: true });
    const { source, lineOf } = await read(client);
    const reply = send();
    const entry = await client.stopped();
    assert.deepEqual([entry.reason, entry.line], ['entry', lineOf('f64.const 1.5')]);
    const [frame] = entry.frames;
    const memoryReference = frame?.instructionPointerReference ?? '';
    const listed = await client.customRequest('disassemble', {
      memoryReference,
      instructionOffset: -200,
      instructionCount: 400,
    });
    const { instructions } = listed.body as {
      instructions: DebugProtocol.DisassembledInstruction[];
    };
    assert.equal(instructions.length, 400);
    const middle = instructions[200];
    assert.deepEqual([middle?.address, middle?.instruction], [memoryReference, 'f64.const 1.5']);
    const add = instructions.find(({ instruction }) => instruction === 'i32.add');
    const set = await client.customRequest('setInstructionBreakpoints', {
      breakpoints: [{ instructionReference: add?.address }, { instructionReference: '0xffffff' }],
    });
    const { breakpoints } = set.body as DebugProtocol.SetInstructionBreakpointsResponse['body'];
    assert.deepEqual(
      breakpoints.map(({ verified, instructionReference }) => [verified, instructionReference]),
      [
        [true, add?.address],
        [false, undefined],
      ],
    );
    await client.continue(entry.threadId);
    const stop = await client.stopped();
    assert.deepEqual([stop.reason, stop.line], ['breakpoint', lineOf('i32.add')]);
    const [top] = stop.frames;
    assert.deepEqual(
      [top?.instructionPointerReference, top?.source?.sourceReference],
      [add?.address, source.sourceReference],
    );
    await client.continue(stop.threadId);
    await reply;
  });

  const withRust = existsSync(rustLibrary) ? it : it.skip;
  withRust(`written in Rust has the names that were written (needs ${rustLibrary})`, async () => {
    const { program: source, path } = await writeProgram({ 'shout.rs': rustProgram });
    const target = ['--target', 'wasm32-wasi', '-o', path('shout.wasm')];
    execFileSync(rustc, ['-g', ...target, source], { stdio: 'pipe' });
    const client = await DapClient.start(node);
    await client.debug({ program: path('shout.wasm'), subject: 'wasm6' });
    const { source: text, lineOf } = await read(client);
    await breakAt(client, text, [{ line: lineOf('5shout17h') }]);
    const reply = nats.request('wasm6', 'hello', { timeout: 20_000 });
    const stop = await client.stopped();
    assert.deepEqual(
      stop.frames.slice(0, 2).map(({ name }) => name),
      ['shout::shout', 'shout::main'],
    );
    await client.stepOutRequest({ threadId: stop.threadId });
    assert.equal((await client.stopped()).frames[0]?.name, 'shout::main');
    await client.continue(stop.threadId);
    assert.equal((await reply).string(), 'HELLO');
  });
});
