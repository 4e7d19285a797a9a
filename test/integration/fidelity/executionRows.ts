import { reasons, type Row } from './row.ts';

/** A.7.4: how a function is run, and what it finds. */
export const executionRows: readonly Row[] = [
  {
    line: 'A.7.4 microtasks run before the result is serialised',
    source: '() => { const o = { n: 0 }; Promise.resolve().then(() => { o.n = 1 }); return o }',
    strict: '{"n":1}',
  },
  {
    line: 'A.7.4 all of them',
    source:
      '() => { const o = { n: 0 }; (async () => { for (; o.n < 500; o.n++) await null })(); return o }',
    strict: '{"n":500}',
    faithful: '{"n":16}',
    reason: 'a result waits for 16 turns: more would cost every invocation',
  },
  {
    line: 'A.7.4 this is the global object',
    source:
      'function () { return [this === globalThis, (function () { "use strict"; return typeof this })()] }',
    strict: '[true,"undefined"]',
  },
  {
    line: 'A.7.4 the payload is of another context',
    source:
      '(s, p) => [p instanceof Uint8Array, p.constructor === Uint8Array, ArrayBuffer.isView(p), p.length]',
    message: 'abc',
    strict: '[false,false,true,3]',
    faithful: '[true,true,true,3]',
    reason: reasons.oneContext,
  },
  {
    line: 'A.7.4 its prototype survives',
    source:
      '(s, p) => { const proto = Object.getPrototypeOf(p); proto.kept = (proto.kept ?? 0) + 1; return proto.kept > 0 }',
    strict: 'true',
  },
  {
    line: 'A.7.4 enumerable globals',
    source: '() => Object.keys(globalThis)',
    strict: '["http","kv","messaging","objectStore"]',
  },
  {
    line: 'A.7.4 no web APIs',
    source:
      "() => ['setTimeout', 'queueMicrotask', 'structuredClone', 'URL', 'TextEncoder', 'atob'].filter((n) => n in globalThis)",
    strict: '[]',
    faithful: '["setTimeout","queueMicrotask","structuredClone","URL","TextEncoder","atob"]',
    reason: 'they are what functions need most; each is warned of',
  },
  {
    line: 'A.7.4 neither Node nor fetch',
    source: "() => ['fetch', 'Buffer', 'process', 'require'].filter((n) => n in globalThis)",
    strict: '[]',
  },
  {
    line: 'A.7.4 standard globals',
    source:
      "() => ['Intl', 'WebAssembly', 'Atomics', 'SharedArrayBuffer', 'eval', 'console'].filter((n) => !(n in globalThis))",
    strict: '[]',
  },
  {
    line: 'A.7.4 language level',
    source:
      "() => [[].at, [].findLast, Object.hasOwn, [].toSorted, [].with, Object.groupBy, ''.isWellFormed, new Set().union].map((x) => typeof x === 'function')",
    strict: '[true,true,true,false,false,false,false,false]',
    faithful: '[true,true,true,true,true,true,true,true]',
    reason: reasons.newer,
  },
  {
    line: 'A.7.4 locale',
    source: '() => new Intl.NumberFormat().resolvedOptions().locale',
    strict: '"en-US"',
  },

  {
    line: 'A.7.4 the context of the payload is as old as the other',
    source: '(s, p) => [p.toSorted, p.constructor.fromBase64].map((f) => typeof f)',
    strict: '["undefined","undefined"]',
    faithful: '["function","undefined"]',
    reason: reasons.newer,
  },
  {
    line: 'A.7.4 the global of that context is out of reach',
    source:
      "(s, p) => { try { return p.constructor.constructor('return typeof kv')() } catch (e) { return String(e) } }",
    strict: '"TypeError: no access"',
    faithful: '"function"',
    reason: reasons.oneContext,
  },
  {
    line: 'A.7.4 errors of JSON.parse',
    source:
      "() => ['{', '[1 2]', '01'].map((t) => { try { JSON.parse(t) } catch (e) { return e.message } })",
    strict: JSON.stringify([
      "Expected property name or '}' in JSON at position 1",
      "Expected ',' or ']' after array element in JSON at position 3",
      'Unexpected number in JSON at position 1',
    ]),
    faithful: JSON.stringify([
      "Expected property name or '}' in JSON at position 1 (line 1 column 2)",
      "Expected ',' or ']' after array element in JSON at position 3 (line 1 column 4)",
      'Unexpected number in JSON at position 1 (line 1 column 2)',
    ]),
    reason: reasons.newer,
  },
  {
    line: 'A.7.4 the reviver of JSON.parse',
    source:
      "() => JSON.parse('[1,2]', (...args) => (Array.isArray(args[1]) ? args[1] : args.length))",
    strict: '[2,2]',
    faithful: '[3,3]',
    reason: reasons.newer,
  },
  {
    line: 'A.7.4 JSON.parse looks as it did',
    source: '() => [JSON.parse.name, JSON.parse.length, String(JSON.parse)]',
    strict: '["parse",2,"function parse() { [native code] }"]',
  },
  {
    line: 'A.7.4 the function that the global object is made by has no name',
    source:
      '() => [globalThis.constructor.name, Object.getPrototypeOf(globalThis).constructor.name, String(globalThis)]',
    strict: '["","","[object Object]"]',
    faithful: '["Object","Object","[object Object]"]',
    reason: 'here the global object is made of no template',
  },
];
