import assert from 'node:assert/strict';
import { runInThisContext } from 'node:vm';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { z } from 'zod';
import type { WorkloadOptions } from '../../runtime/protocol/workloadTypes.ts';
import { logEntrySchema, type LogEntry } from '../../runtime/protocol/logs.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';

/** Each expression must come to what Node's own API makes of it. */
const expressions: Record<string, string[]> = {
  TextEncoder: [
    `[...new TextEncoder().encode('añ€😀')]`,
    `[...new TextEncoder().encode('\\ud800x')]`,
    `[...new TextEncoder().encode()]`,
    `new TextEncoder().encodeInto('añ€', new Uint8Array(3))`,
    `new TextEncoder().encoding`,
    `new TextEncoder().encode('a') instanceof Uint8Array`,
  ],
  TextDecoder: [
    `new TextDecoder().decode(new Uint8Array([97, 195, 177, 226, 130, 172]))`,
    `new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 97]))`,
    `new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 97])).length`,
    `new TextDecoder().decode(new Uint8Array([97, 255, 98]))`,
    `new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255]))`,
    `new TextDecoder('utf-16le').decode(new Uint8Array([65, 0, 61, 216, 0, 222]))`,
    `new TextDecoder('windows-1252').decode(new Uint8Array([128, 233]))`,
    `new TextDecoder('iso-8859-2').decode(new Uint8Array([177]))`,
    `new TextDecoder('latin1').encoding`,
    `new TextDecoder('no such').encoding`,
    `(() => { const d = new TextDecoder(); return d.decode(new Uint8Array([195]), { stream: true }) + d.decode(new Uint8Array([177])); })()`,
    `new TextDecoder().decode(new Uint8Array([104, 105]).buffer)`,
    `new TextDecoder().decode()`,
  ],
  base64: [
    `btoa('hé')`,
    `btoa('')`,
    `btoa(null)`,
    `btoa('€')`,
    `atob(' aG k=\\n')`,
    `atob('aGk')`,
    `atob('aGl')`,
    `atob('a')`,
    `atob('a===')`,
    `atob('-_==')`,
  ],
  URL: [
    `new URL('http://user:pä@Example.com:80/a/../b c?q=ü#f')`,
    `new URL('../x?y', 'https://h:81/a/b/c').href`,
    `new URL('http://münchen.de/').host`,
    `new URL('http://[::1]:99/').host`,
    `new URL('data:text/plain,hi').origin`,
    `new URL('relative')`,
    `new URL('//h/p', 'ftp://x').href`,
    `URL.canParse('x')`,
    `URL.canParse('x', 'http://h')`,
    `URL.parse('no')`,
    `String(new URL('http://h'))`,
    `JSON.stringify({ u: new URL('http://h/%7Ea') })`,
    `(() => { const u = new URL('http://h/a'); u.pathname = '/ä b'; u.port = '99'; u.hash = 'z'; u.protocol = 'https'; u.host = 'x:1'; return u.href; })()`,
    `(() => { const u = new URL('http://h/'); u.href = 'nope'; })()`,
    `(() => { const u = new URL('http://h/?a=1&a=2'); u.searchParams.delete('a', '1'); u.searchParams.append('é', ' '); return [u.href, u.search]; })()`,
    `(() => { const u = new URL('http://h/?a=1'); const p = u.searchParams; u.search = '?b=2'; return [p.get('a'), p.get('b'), p === u.searchParams]; })()`,
    `Object.prototype.toString.call(new URL('a:b'))`,
  ],
  URLSearchParams: [
    `[...new URLSearchParams('?a=1&b=%20+&c&=d&%zz=1')]`,
    `new URLSearchParams({ a: 1, b: 'x y', ü: '&=' }).toString()`,
    `new URLSearchParams([['b', '2'], ['a', '1'], ['b', '1']]).getAll('b')`,
    `(() => { const p = new URLSearchParams('c=3&a=1&b=2&a=0'); p.sort(); return String(p); })()`,
    `(() => { const p = new URLSearchParams('a=1&b=2&a=3'); p.set('a', 9); return [String(p), p.size, p.has('b', '3'), p.get('z')]; })()`,
    `(() => { const seen = []; new URLSearchParams('a=1&b=2').forEach((v, k) => seen.push(k + v)); return seen; })()`,
    `[[...new URLSearchParams('a=1').keys()], [...new URLSearchParams('a=1').values()]]`,
    `new URLSearchParams([['a']])`,
  ],
  structuredClone: [
    `structuredClone({ a: [1, , 3], d: new Date(5), r: /x/gi, n: null, u: undefined, b: 10n }).b === 10n`,
    `JSON.stringify(structuredClone({ a: [1, 2], d: new Date(5), nested: { x: true } }))`,
    `[...structuredClone(new Map([[{ k: 1 }, new Set([1])]]))].length`,
    `(() => { const a = {}; a.self = a; const c = structuredClone(a); return c.self === c && c !== a; })()`,
    `(() => { const e = structuredClone(new RangeError('r')); return [e instanceof RangeError, e.message]; })()`,
    `[...structuredClone(new Uint8Array([1, 2, 3]).subarray(1))]`,
    `structuredClone(() => 1)`,
    `structuredClone({ s: Symbol.iterator })`,
    `structuredClone(new WeakMap())`,
    `(() => { const b = new ArrayBuffer(2); const c = structuredClone(b, { transfer: [b] }); return [b.byteLength, c.byteLength]; })()`,
  ],
  crypto: [
    `crypto.randomUUID().replace(/[0-9a-f]/g, 'x').replace(/^(.{14})x/, '$1x')`,
    `crypto.getRandomValues(new Uint16Array(5)).length`,
    `crypto.getRandomValues(new Float32Array(1))`,
    `crypto.getRandomValues(new Uint8Array(70000))`,
    `crypto.subtle.digest('SHA-256', new Uint8Array([1, 2, 3])).then((d) => [...new Uint8Array(d)])`,
    `crypto.subtle.digest({ name: 'sha-1' }, new ArrayBuffer(0)).then((d) => d.byteLength)`,
    `crypto.subtle.digest('MD5', new Uint8Array())`,
    `Object.prototype.toString.call(crypto)`,
  ],
  timers: [
    `new Promise((done) => setTimeout((a, b) => done([a, b]), 1, 'x', 2))`,
    `new Promise((done) => { let n = 0; const id = setInterval(() => { if (++n === 3) { clearInterval(id); done(n); } }, 1); })`,
    `new Promise((done) => { clearTimeout(setTimeout(() => done('cleared'), 1)); setTimeout(() => done('other'), 5); })`,
    `new Promise((done) => { const order = []; setTimeout(() => order.push('late'), 20); setTimeout(() => order.push('soon'), 1); setTimeout(() => done(order), 40); })`,
    `clearTimeout(undefined)`,
    `setTimeout('text')`,
    `(async () => { const order = []; queueMicrotask(() => order.push('micro')); order.push('sync'); await null; return order; })()`,
    `queueMicrotask(1)`,
  ],
  'AbortSignal and events': [
    `(() => { const c = new AbortController(); c.abort('why'); return [c.signal.aborted, c.signal.reason]; })()`,
    `(() => { const c = new AbortController(); const seen = []; c.signal.onabort = (e) => seen.push(e.type); c.signal.addEventListener('abort', () => seen.push('listener')); c.abort(); c.abort(); return seen; })()`,
    `AbortSignal.abort().reason.name`,
    `AbortSignal.abort(7).throwIfAborted()`,
    `new Promise((done) => { const s = AbortSignal.timeout(5); s.addEventListener('abort', () => done([s.reason.name, s.reason instanceof DOMException])); setTimeout(() => {}, 100); })`,
    `(() => { const a = new AbortController(); const any = AbortSignal.any([a.signal, AbortSignal.timeout(1e6)]); a.abort('one'); return [any.aborted, any.reason]; })()`,
    `new AbortSignal()`,
    `new AbortController().signal instanceof EventTarget`,
    `(() => { const t = new EventTarget(); const seen = []; const h = { handleEvent(e) { seen.push(e.type, this === h); } }; t.addEventListener('x', h, { once: true }); t.addEventListener('x', h); t.dispatchEvent(new Event('x')); t.dispatchEvent(new Event('x')); return seen; })()`,
    `(() => { const t = new EventTarget(); t.addEventListener('x', (e) => e.preventDefault()); return [t.dispatchEvent(new Event('x', { cancelable: true })), t.dispatchEvent(new Event('x'))]; })()`,
    `(() => { const t = new EventTarget(); const seen = []; t.addEventListener('x', (e) => { seen.push(1); e.stopImmediatePropagation(); }); t.addEventListener('x', () => seen.push(2)); t.dispatchEvent(new Event('x')); return seen; })()`,
  ],
  'DOMException, performance and the global object': [
    `(() => { const e = new DOMException('m', 'AbortError'); return [e.name, e.message, e.code, e instanceof Error, String(e), Object.prototype.toString.call(e)]; })()`,
    `new DOMException().name`,
    `performance.now() >= 0`,
    `typeof URL + typeof setTimeout + typeof atob`,
    `'TextDecoder' in globalThis`,
    // Put back: this process is the oracle, and needs its own.
    `(() => { const { atob } = globalThis; globalThis.atob = 5; const set = globalThis.atob; globalThis.atob = atob; return set; })()`,
  ],
};

const outcomeSchema = z.object({ value: z.unknown().optional(), thrown: z.string().optional() });

/** Evaluates to the value, or to the class and name of what was thrown; texts of errors differ between engines. */
const probe = (expression: string) => `async () => {
  try { return { value: await (${expression}) }; }
  catch (e) { return { thrown: e instanceof Error ? e.name + (e instanceof TypeError) : String(e) }; }
}`;

describe('web APIs', () => {
  let node: TestNode;
  let connection: NatsConnection;
  const logs: LogEntry[] = [];

  before(async () => {
    ({ node, connection } = await startConnectedNode());
    connection.subscribe('$NEX.logs.>', {
      callback: (_, message) => void logs.push(logEntrySchema.parse(message.json())),
    });
  });
  after(() => node.stop());

  async function run(name: string, source: string, options: WorkloadOptions = {}) {
    const file = `${name.replaceAll(/\W/g, '')}.js`;
    const subject = `web.${file}`;
    await deployFunction(node, connection, {
      file,
      source,
      subjects: [subject],
      extension: { options },
    });
    const reply = await connection.request(subject, '', { timeout: 20_000 });
    await connection.flush();
    return reply;
  }

  for (const [name, cases] of Object.entries(expressions)) {
    it(`${name}: as in Node`, async () => {
      const oracle = runInThisContext(`(async () => {
        const results = [];
        for (const one of [${cases.map(probe).join(',\n')}]) results.push(await one());
        return JSON.parse(JSON.stringify(results));
      })`) as () => Promise<unknown>;
      const source = `async () => {
        const results = [];
        for (const one of [${cases.map(probe).join(',\n')}]) results.push(await one());
        return results;
      }`;
      const own = z.array(outcomeSchema).parse((await run(name, source)).json());
      const expected = z.array(outcomeSchema).parse(await oracle());
      for (const [index, expression] of cases.entries()) {
        assert.deepEqual(own[index], expected[index], expression);
      }
    });
  }

  it('warn once per workload, with the line that used them', async () => {
    logs.length = 0;
    const source = "() => {\n  const names = ['TextEncoder'];\n  return typeof this[names[0]];\n}";
    await run('warns', source);
    await connection.request('web.warns.js', '', { timeout: 20_000 });
    await connection.flush();
    const warnings = logs.filter(({ level }) => level === 'WARN');
    assert.deepEqual(
      warnings.map((warning) => [warning.code, warning.source?.line]),
      [['web-api', 3]],
    );
  });

  const codes: [code: string, detail: RegExp, source: string][] = [
    ['high-bytes', /kv\.set/, "() => this.kv('warned').set('a', new Uint8Array([200]))"],
    ['value-too-long', /kv\.set/, "() => this.kv('warned').set('a', new Uint8Array(126000))"],
    [
      'query-string',
      /http\.get/,
      "() => { const q = '?a'; try { http.get('http://127.0.0.1:1/' + q) } catch {} }",
    ],
    [
      'request-many',
      /requestMany/,
      "(s, p) => { try { messaging['request' + 'Many']('a', p) } catch {} }",
    ],
    ['typed-array-returned', /bytes/, '(s, p) => [p].at(0)'],
    ['promise-returned', /Promise/, '() => [Promise.resolve(1)].at(0)'],
  ];
  for (const [code, detail, source] of codes) {
    it(`are not all: ${code} is said once, too`, async () => {
      logs.length = 0;
      const name = code.replaceAll('-', '');
      await run(name, source);
      await connection.request(`web.${name}.js`, '', { timeout: 20_000 });
      await connection.flush();
      const warnings = logs.filter(({ level }) => level === 'WARN');
      assert.deepEqual(
        warnings.map((warning) => warning.code),
        [code],
      );
      assert.match(warnings[0]?.text ?? '', detail);
    });
  }

  it('leave out what the deploy has warned of', async () => {
    logs.length = 0;
    await run('warned', 'async () => 1');
    assert.deepEqual(
      logs.filter(({ level }) => level === 'WARN'),
      [],
    );
  });

  it('are absent in strict', async () => {
    const names = `['TextDecoder', 'URL', 'atob', 'setTimeout', 'crypto', 'queueMicrotask', 'structuredClone', 'performance', 'AbortSignal']`;
    const reply = await run('strict', `() => ${names}.filter((name) => name in globalThis)`, {
      mode: 'strict',
    });
    assert.equal(reply.string(), '[]');
  });

  it('fail the invocation with what a timer throws', async () => {
    const reply = await run(
      'timerThrows',
      "() => new Promise(() => setTimeout(() => { throw new RangeError('late') }, 1))",
    );
    assert.equal(reply.headers?.get('Nats-Service-Error'), 'RangeError: late');
  });

  it('end with the invocation that set them', async () => {
    const source = `let fired = 0; async (s, p) => {
      if (p.length === 0) { setTimeout(() => fired++, 1); return 0; }
      await new Promise((done) => setTimeout(done, 50));
      return fired;
    }`;
    await run('timerEnds', source, { contexts: 'shared' });
    assert.equal(
      (await connection.request('web.timerEnds.js', 'x', { timeout: 20_000 })).string(),
      '0',
    );
  });
});
