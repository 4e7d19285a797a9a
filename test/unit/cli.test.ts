import assert from 'node:assert/strict';
import { formatLogEntry, parseLogMessage, reachesLevel } from '../../runtime/cli/logPrinter.ts';
import { normalizeDashes } from '../../runtime/cli/normalizeDashes.ts';
import {
  parseBytes,
  parseDuration,
  parseEnvironment,
  parseMegabytes,
  parsePort,
} from '../../runtime/cli/parseArguments.ts';
import { findWithoutEffect } from '../../runtime/cli/withoutEffect.ts';
import type { WorkloadType } from '../../runtime/protocol/workloadTypes.ts';

describe('command line', () => {
  const flags = new Set(['--type', '--trigger_subject']);
  const rows: [given: string[], read: string[]][] = [
    [
      ['–type', 'v8'],
      ['--type', 'v8'],
    ],
    [['—trigger_subject=a'], ['--trigger_subject=a']],
    [['––type'], ['--type']],
    [['−type=v8'], ['--type=v8']],
    [['–hello'], ['–hello']],
    [['a–type'], ['a–type']],
    [
      ['--', '–type'],
      ['--', '–type'],
    ],
    [['--type=–x'], ['--type=–x']],
  ];
  for (const [given, read] of rows) {
    it(`reads ${given.join(' ')} as ${read.join(' ')}`, () =>
      assert.deepEqual(normalizeDashes(given, flags), read));
  }

  it('reads durations, sizes and ports, and refuses nonsense', () => {
    assert.deepEqual(
      ['500', '1.5s', '2m', '1h'].map(parseDuration),
      [500, 1500, 120_000, 3_600_000],
    );
    assert.deepEqual(['64', '64mb', '2GB'].map(parseMegabytes), [64, 64, 2048]);
    assert.deepEqual(['9', '1KB', '2gb'].map(parseBytes), [9, 1024, 2 ** 31]);
    assert.deepEqual(['0', '4222'].map(parsePort), [0, 4222]);
    for (const parse of [parseDuration, parseMegabytes, parseBytes]) {
      for (const text of ['', '0', '-1', 'soon', '5 parsecs']) assert.throws(() => parse(text));
    }
    for (const text of ['', '-1', '65536', '1e3']) assert.throws(() => parsePort(text));
  });

  it('reads KEY=VALUE', () => {
    assert.deepEqual(parseEnvironment(['A=1', 'B=', 'C=x=y']), { A: '1', B: '', C: 'x=y' });
    assert.throws(() => parseEnvironment(['=1']), { code: 'invalid-environment' });
  });

  const idle: [
    type: WorkloadType,
    asked: Parameters<typeof findWithoutEffect>[1],
    said: RegExp[],
  ][] = [
    ['v8', { argv: 'x', env: { A: '1' }, timeout: 1 }, [/--argv/, /KEY=VALUE/]],
    ['wasm', { env: { A: '1' }, contexts: 'shared' }, [/--contexts/]],
    ['native', { argv: 'x', env: { A: '1' }, memory: 1, mode: 'strict' }, [/--memory/, /NATS_URL/]],
    ['native', { env: { NATS_URL: 'nats://x' }, mode: 'strict' }, []],
    ['wasm', { env: {}, allow: { kv: [] } }, [/--allow/]],
  ];
  for (const [type, asked, said] of idle) {
    it(`says what does nothing for ${type}: ${said.join(', ') || 'nothing'}`, () => {
      const texts = findWithoutEffect(type, asked);
      assert.equal(texts.length, said.length);
      for (const [index, pattern] of said.entries()) assert.match(texts[index] ?? '', pattern);
    });
  }

  it('reads log subjects of five tokens, and of six', () => {
    const body = JSON.stringify({ text: 'hi\n', level: 'WARN', id: 'w' });
    assert.equal(parseLogMessage('$NEX.logs.default.N1.w', body)?.workloadId, 'w');
    assert.equal(parseLogMessage('$NEX.logs.default.N1.echojs.w', body)?.workloadId, 'w');
    assert.equal(parseLogMessage('$NEX.logs.system.N1.stdout', 'plain text'), undefined);
  });

  it('formats a log line with its source', () => {
    const source = { url: 'file:///a/echo.js', line: 3, column: 5 };
    const entry = { text: 'hi\n', level: 'WARN', id: 'w', source };
    assert.equal(formatLogEntry(entry, 'echojs'), 'WARN   echojs  hi  (echo.js:3:5)');
  });

  it('shows what a service writes to standard error as that, and not as errors', () => {
    const entry = {
      text: '2026/01/02 03:04:05 ready\n',
      level: 'ERROR',
      id: 'w',
      stderr: true,
    } as const;
    assert.equal(formatLogEntry(entry, 'echo'), 'stderr echo  2026/01/02 03:04:05 ready');
  });

  it('shows levels from the one asked for', () => {
    assert.deepEqual(
      ['DEBUG', 'INFO', 'ERROR', 'ERROR+2'].map((level) => reachesLevel(level, 'INFO')),
      [false, true, true, true],
    );
  });
});
