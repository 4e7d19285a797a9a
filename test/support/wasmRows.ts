import assert from 'node:assert/strict';
import type { WatProgram } from './wat.ts';

/** How a call ends: the reply's text, a judgement of its bytes, or a failure whose text matches. */
export type Expected = string | ((reply: Buffer, again: Buffer) => void) | { fails: RegExp };

export interface WasmRow {
  /** Line of A.9 in the protocol reference. */
  readonly line: string;
  readonly program: WatProgram;
  readonly payload?: string;
  readonly env?: Record<string, string>;
  readonly faithful: Expected;
  readonly strict: Expected;
  /** Why `faithful`, or both, do not do what the real node does. */
  readonly reason?: string;
}

const data = (text: string) => `(data (i32.const 100) "${text}")`;
const write = (at: number, length: number, fd = 1) =>
  `(call $write (i32.const ${fd}) (i32.const ${at}) (i32.const ${length}))`;
const vectors = (...parts: [at: number, length: number][]) =>
  parts
    .flatMap(([at, length], index) => [
      `(i32.store (i32.const ${16 + index * 8}) (i32.const ${at}))`,
      `(i32.store (i32.const ${20 + index * 8}) (i32.const ${length}))`,
    ])
    .join(' ') +
  ` (drop (call $fd_write (i32.const 1) (i32.const 16) (i32.const ${parts.length}) (i32.const 8)))`;
const clock = (id: number, at: number) =>
  `(drop (call $clock_time_get (i32.const ${id}) (i64.const 0) (i32.const ${at})))`;
/** A wait of 30 ms by the monotonic clock. */
const sleep = `(i32.store (i32.const 216) (i32.const 1)) (i64.store (i32.const 224) (i64.const 30000000))
  (drop (call $poll_oneoff (i32.const 200) (i32.const 300) (i32.const 1) (i32.const 400)))`;

const nanosOf = (reply: Buffer) => [reply.readBigUInt64LE(0), reply.readBigUInt64LE(8)] as const;
const newYear = 1_640_995_200_000_000_000n;
const msNanos = 1_000_000n;
const allReplies = 'every write is part of the reply; the real node keeps the last one only';

export const wasmRows: readonly WasmRow[] = [
  {
    line: 'no file system: no directory is there to be opened',
    program: {
      imports: ['fd_prestat_get'],
      body: `(i32.store (i32.const 100) (i32.add (i32.const 48) (call $fd_prestat_get (i32.const 3) (i32.const 200)))) ${write(100, 1)}`,
    },
    faithful: '8',
    strict: '8',
  },
  {
    line: 'no file system: a descriptor that was never opened',
    program: {
      imports: ['path_open'],
      fields: data('x.txt'),
      body: `(i32.store (i32.const 120) (i32.add (i32.const 48) (call $path_open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 5) (i32.const 1) (i64.const -1) (i64.const -1) (i32.const 0) (i32.const 200)))) ${write(120, 1)}`,
    },
    faithful: '8',
    strict: '8',
  },
  {
    line: 'instantiated afresh for each trigger',
    program: {
      fields: '(global $calls (mut i32) (i32.const 48))',
      body: `(global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (i32.store (i32.const 100) (i32.add (i32.load (i32.const 100)) (global.get $calls))) ${write(100, 1)}`,
    },
    faithful: (reply, again) =>
      assert.deepEqual([reply, again], [Buffer.from('1'), Buffer.from('1')]),
    strict: (reply, again) =>
      assert.deepEqual([reply, again], [Buffer.from('1'), Buffer.from('1')]),
  },
  {
    line: 'stdin: the payload; stdout: the reply',
    program: {
      body: '(call $write (i32.const 1) (i32.const 100) (call $read (i32.const 100) (i32.const 60000)))',
    },
    payload: 'hello nex!',
    faithful: 'hello nex!',
    strict: 'hello nex!',
  },
  {
    line: 'env: the decrypted environment, names unchanged',
    program: {
      imports: ['environ_get'],
      body: `(drop (call $environ_get (i32.const 100) (i32.const 200))) ${write(200, 12)}`,
    },
    env: { lower: 'grün' },
    faithful: 'lower=grün\0',
    strict: 'lower=grün\0',
  },
  {
    line: 'clock: a fake wall clock from 2022 on, 1 ms per reading',
    program: {
      imports: ['clock_time_get'],
      body: `${clock(0, 100)} ${clock(0, 108)} ${write(100, 16)}`,
    },
    faithful: (reply) => assert.ok(nanosOf(reply)[0] > newYear + 1000n * msNanos),
    strict: (reply, again) => {
      assert.deepEqual(nanosOf(reply), [newYear, newYear + msNanos]);
      assert.deepEqual(again, reply);
    },
    reason: 'a function may want to know the time; the fake is what an empty configuration gives',
  },
  {
    line: 'monotonic clock: from 0, likewise',
    program: {
      imports: ['clock_time_get'],
      body: `${clock(1, 100)} ${clock(1, 108)} ${write(100, 16)}`,
    },
    faithful: (reply) =>
      assert.ok(nanosOf(reply)[0] <= nanosOf(reply)[1] && nanosOf(reply)[0] > 0n),
    strict: (reply) => assert.deepEqual(nanosOf(reply), [0n, msNanos]),
    reason: 'as the wall clock',
  },
  {
    line: 'random: the same bytes in each call',
    program: {
      imports: ['random_get'],
      body: `(drop (call $random_get (i32.const 100) (i32.const 5000))) ${write(100, 5000)}`,
    },
    faithful: (reply, again) => assert.notDeepEqual(reply, again),
    strict: (reply, again) => {
      assert.equal(reply.subarray(0, 8).toString('hex'), '538c7f96b164bf1b');
      // Beyond the numbers that were recorded: as Go 1.26 goes on.
      assert.equal(reply.subarray(4992).toString('hex'), goRandomAt4992);
      assert.deepEqual(again, reply);
    },
    reason: 'keys made of them would be known to everybody',
  },
  {
    line: 'sleeps that return at once',
    program: {
      imports: ['poll_oneoff', 'clock_time_get'],
      body: `${clock(1, 100)} ${sleep} ${clock(1, 108)} ${write(100, 16)}`,
    },
    // The clock knows milliseconds, and a wait may end within one.
    faithful: (reply) => assert.ok(nanosOf(reply)[1] - nanosOf(reply)[0] >= 29n * msNanos),
    strict: (reply) => assert.deepEqual(nanosOf(reply), [0n, msNanos]),
    reason: 'with a real clock, a program that waits for a time would otherwise spin until then',
  },
  {
    line: 'exit code 0 is success',
    program: { fields: data('done'), body: `${write(100, 4)} (call $proc_exit (i32.const 0))` },
    faithful: 'done',
    strict: 'done',
  },
  {
    line: 'exit code: non-zero is a failure',
    program: { fields: data('done'), body: `${write(100, 4)} (call $proc_exit (i32.const 3))` },
    faithful: { fails: /^the function ended with exit code 3$/ },
    strict: { fails: /./ },
    reason: 'the caller is told at once, where the real node lets it wait',
  },
  {
    line: 'trap is a failure',
    program: { body: 'unreachable' },
    faithful: { fails: /^unreachable$/ },
    strict: { fails: /./ },
    reason: 'the caller is told at once, where the real node lets it wait',
  },
  {
    line: 'empty output: no reply',
    program: { body: 'nop' },
    faithful: '',
    strict: { fails: /./ },
    reason: 'an empty reply is one: what ended well is answered, as of a JavaScript function',
  },
  {
    line: 'time limit: none in the agent',
    program: { body: '(loop $again (br $again))' },
    faithful: { fails: /^wasm execution timed out after 500ms$/ },
    strict: { fails: /./ },
    reason: 'an endless loop holds the agent for good on the real node; wedges are never imitated',
  },
  {
    line: 'only the last write survives',
    program: { fields: data('ab'), body: `${write(100, 1)} ${write(101, 1)}` },
    faithful: 'ab',
    strict: 'b',
    reason: allReplies,
  },
  {
    line: 'a vectored write counts as one write per vector',
    program: { fields: data('abcd'), body: vectors([100, 2], [102, 1], [103, 1]) },
    faithful: 'abcd',
    strict: 'd',
    reason: allReplies,
  },
  {
    line: 'a final zero-length write empties the reply',
    program: { fields: data('ab'), body: vectors([100, 2], [100, 0]) },
    faithful: 'ab',
    strict: { fails: /./ },
    reason: allReplies,
  },
  {
    line: "the buffer is a view of the module's memory",
    program: {
      fields: data('a'),
      body: `${write(100, 1)} (i32.store8 (i32.const 100) (i32.const 122))`,
    },
    faithful: 'a',
    strict: 'z',
    reason: 'what was written is what is sent',
  },
  {
    line: 'a module with a name fails every second time',
    program: { name: 'named', fields: data('ok'), body: write(100, 2) },
    faithful: (reply, again) =>
      assert.deepEqual([reply, again], [Buffer.from('ok'), Buffer.from('ok')]),
    strict: (reply, again) =>
      assert.deepEqual([reply, again], [Buffer.from('ok'), Buffer.from('ok')]),
    reason: 'a leak of the real agent; leaks are never imitated',
  },
];

const goRandomAt4992 = '67475f63b4256556';
