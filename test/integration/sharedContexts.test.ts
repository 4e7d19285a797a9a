import assert from 'node:assert/strict';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import type { DevClient } from '../../runtime/client/devClient.ts';
import type { DeployExtension } from '../../runtime/protocol/controlApi.ts';
import { logEntrySchema, type LogEntry } from '../../runtime/protocol/logs.ts';
import { CdpClient } from '../support/cdpClient.ts';
import { untilDetail } from '../support/untilDetail.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';

describe('a function whose context is shared', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;

  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
  });
  after(() => node.stop());

  const deploy = (name: string, source: string, limits: DeployExtension['limits'] = {}) =>
    deployFunction(node, connection, {
      file: `${name}.js`,
      source,
      subjects: [`shared.${name}`],
      extension: { limits, options: { contexts: 'shared' } },
    });
  const request = (name: string, payload = '') =>
    connection.request(`shared.${name}`, payload, { timeout: 20_000 });
  const codeOf = (reply: Msg) => reply.headers?.get('Nats-Service-Error-Code');
  /** Replies to messages that are all sent at once, in the order they were sent. */
  const flood = (name: string, payloads: readonly string[]) =>
    Promise.all(payloads.map((payload) => request(name, payload)));
  const texts = (replies: readonly Msg[]) => replies.map((reply) => reply.string());
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));

  it('runs its script once and keeps what it has kept', async () => {
    await deploy(
      'keeps',
      'globalThis.runs = (globalThis.runs ?? 0) + 1; let n = 0; () => [runs, ++n]',
    );
    assert.deepEqual(texts([await request('keeps'), await request('keeps')]), ['[1,1]', '[1,2]']);
  });

  it('answers each of many messages with its own result, in their order', async () => {
    await deploy('many', 'let n = 0; (s, p) => [n++, String.fromCharCode(...p)]');
    const sent = numbers(500);
    const replies = await flood('many', sent);
    assert.deepEqual(
      texts(replies),
      sent.map((text) => `[${text},"${text}"]`),
    );
    // The node hears of it after the callers.
    await untilDetail(dev, 'manyjs', ({ invocations }) => invocations === sent.length);
  });

  it('fails those that throw and no other, and keeps its state', async () => {
    await deploy(
      'odd',
      'let n = 0; (s, p) => { n++; if (p[0] % 2) throw new Error("odd"); return n }',
    );
    const replies = await flood('odd', numbers(10));
    assert.deepEqual(
      replies.map(codeOf),
      ['', '500', '', '500', '', '500', '', '500', '', '500'].map((code) => code || undefined),
    );
    assert.equal((await request('odd', '0')).string(), '11');
  });

  it('awaits one message before it begins the next', async () => {
    await deploy(
      'awaits',
      'let busy = 0; async () => { busy++; await null; await null; const seen = busy; busy--; return seen }',
    );
    assert.deepEqual(new Set(texts(await flood('awaits', numbers(50)))), new Set(['1']));
  });

  it('answers what it had finished when one passes the time limit, and begins anew', async () => {
    await deploy('stuck', 'let n = 0; (s, p) => { n++; if (p.length) for (;;); return n }', {
      timeoutMs: 300,
    });
    await flood(
      'stuck',
      Array.from({ length: 40 }, () => ''),
    );
    const replies = await flood('stuck', ['', '', 'loop', '', '']);
    assert.deepEqual(replies.map(codeOf), [undefined, undefined, '504', undefined, undefined]);
    assert.deepEqual(texts(replies.slice(3)), ['1', '2']);
  });

  it('goes on where messages end just when their time is up', async () => {
    await deploy(
      'edge',
      '(s, p) => new Promise((done) => setTimeout(done, Number(String.fromCharCode(...p)), 1))',
      { timeoutMs: 100 },
    );
    for (let round = 0; round < 4; round += 1) {
      const replies = await flood('edge', ['97', '98', '99', '100', '101']);
      for (const reply of replies) assert.ok(reply.string() === '1' || codeOf(reply) === '504');
    }
    const found = (await dev.workloads()).find(({ name }) => name === 'edgejs');
    assert.equal(found?.restarts, 0);
  });

  it('answers all when it needs too much memory, and comes back', async () => {
    await deploy(
      'hog',
      'const kept = []; (s, p) => { if (p.length) for (;;) kept.push(new Array(1000).fill(kept)); return kept.length }',
      { memoryMb: 16 },
    );
    await flood(
      'hog',
      Array.from({ length: 40 }, () => ''),
    );
    const replies = await flood('hog', ['', 'eat', '', '']);
    assert.equal(replies.filter((reply) => codeOf(reply) !== undefined).length > 0, true);
    let again = await request('hog').catch(() => undefined);
    while (again?.string() !== '0') again = await request('hog').catch(() => undefined);
  });

  it('tries its script again where that threw', async () => {
    await deploy(
      'script',
      "if (!this.kv('shared').keys().includes('ready')) throw 'not ready'; () => 1",
    );
    await deploy('ready', "() => this.kv('shared').set('ready', new Uint8Array(1))");
    assert.equal(codeOf(await request('script')), '500');
    await request('ready');
    assert.equal((await request('script')).string(), '1');
  });

  it('prints and calls host services in the name of the message that does', async () => {
    const lines: LogEntry[] = [];
    connection.subscribe('$NEX.logs.>', {
      callback: (_, message) => void lines.push(logEntrySchema.parse(message.json())),
    });
    await deploy(
      'talks',
      "(s, p) => { const t = String.fromCharCode(...p); if (p[0] % 2) console.log(t); if (t === '8') this.kv('shared').keys(); return t }",
    );
    await flood(
      'talks',
      Array.from({ length: 40 }, () => '0'),
    );
    lines.length = 0;
    const sent = numbers(20);
    const replies = await flood('talks', sent);
    await connection.flush();
    assert.deepEqual(
      texts(replies),
      sent.map((text) => `"${text}"`),
    );
    const printed = lines.filter((line) => line.console);
    assert.deepEqual(
      printed.map(({ text, invocation = 0 }) => [text, invocation - 40]),
      sent.filter((text) => text.charCodeAt(0) % 2).map((text) => [text, Number(text) + 1]),
    );
  });

  it('stops at a breakpoint for every message', async () => {
    await deploy('stops', 'let n = 0;\n() => {\n  n += 1;\n  return n;\n}');
    const { webSocketUrl, scriptUrl } = await dev.inspector({ workload: 'stopsjs' });
    const client = await CdpClient.connect(webSocketUrl);
    await client.send('Debugger.enable');
    await client.send('Debugger.setBreakpointByUrl', { url: scriptUrl, lineNumber: 2 });
    const replies = flood('stops', ['', '', '']);
    for (let stop = 0; stop < 3; stop += 1) {
      await client.event('Debugger.paused');
      await client.send('Debugger.resume');
    }
    assert.deepEqual(texts(await replies), ['1', '2', '3']);
    client.close();
  });
});
