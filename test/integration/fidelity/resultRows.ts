import { reasons, type Row } from './row.ts';

/** A.7.5: what a returned value becomes. */
export const resultRows: readonly Row[] = [
  {
    line: 'A.7.5 object',
    source: '() => ({ b: 1, a: [true, 1.5] })',
    strict: '{"b":1,"a":[true,1.5]}',
  },
  { line: 'A.7.5 string in quotes', source: "() => 'hi'", strict: '"hi"' },
  { line: 'A.7.5 null', source: '() => null', strict: 'null' },
  { line: 'A.7.5 undefined', source: '() => undefined', strict: 'undefined' },
  { line: 'A.7.5 no return', source: '() => {}', strict: 'undefined' },
  { line: 'A.7.5 function', source: '() => () => 1', strict: 'undefined' },
  { line: 'A.7.5 symbol', source: "() => Symbol('x')", strict: 'undefined' },
  {
    line: 'A.7.5 Uint8Array',
    source: '() => new Uint8Array([104, 105])',
    strict: '{"0":104,"1":105}',
  },
  {
    line: 'A.7.5 payload returned',
    source: '(s, p) => p',
    message: 'hi',
    strict: '{"0":104,"1":105}',
  },
  {
    line: 'A.7.5 Promise',
    source: 'async () => 1',
    strict: '{}',
    faithful: '1',
    reason: reasons.awaits,
  },
  {
    line: 'A.7.5 rejected Promise',
    source: "async () => { throw new Error('late') }",
    strict: '{}',
    faithful: { error: 'Error: late' },
    reason: reasons.awaits,
  },
  { line: 'A.7.5 thenable', source: '() => ({ then(f) { f(1) }, x: 1 })', strict: '{"x":1}' },
  { line: 'A.7.5 Map', source: '() => new Map([[1, 2]])', strict: '{}' },
  { line: 'A.7.5 Set', source: '() => new Set([1])', strict: '{}' },
  {
    line: 'A.7.5 BigInt',
    source: '() => 10n',
    strict: '',
    faithful: { error: 'TypeError: Do not know how to serialize a BigInt' },
    reason: reasons.sendable,
  },
  {
    line: 'A.7.5 BigInt64Array',
    source: '() => new BigInt64Array(1)',
    strict: '',
    faithful: { error: 'TypeError: Do not know how to serialize a BigInt' },
    reason: reasons.sendable,
  },
  {
    line: 'A.7.5 throwing toJSON',
    source: "() => ({ toJSON() { throw 'no' } })",
    strict: '',
    faithful: { error: 'no' },
    reason: reasons.sendable,
  },
  {
    line: 'A.7.5 throwing getter',
    source: "() => ({ get a() { throw 'no' } })",
    strict: '',
    faithful: { error: 'no' },
    reason: reasons.sendable,
  },
  { line: 'A.7.5 NaN', source: '() => NaN', strict: 'null' },
  { line: 'A.7.5 Infinity', source: '() => [-Infinity]', strict: '[null]' },
  { line: 'A.7.5 -0', source: '() => -0', strict: '0' },
  { line: 'A.7.5 Date', source: '() => new Date(0)', strict: '"1970-01-01T00:00:00.000Z"' },
  {
    line: 'A.7.5 boxed',
    source: "() => [new String('a'), new Number(1), Object(true)]",
    strict: '["a",1,true]',
  },
  { line: 'A.7.5 toJSON gives undefined', source: '() => ({ toJSON() {} })', strict: 'undefined' },
  { line: 'A.7.5 Proxy', source: '() => new Proxy({ a: 1 }, {})', strict: '{"a":1}' },
  { line: 'A.7.5 Float64Array', source: '() => new Float64Array([1.5])', strict: '{"0":1.5}' },
  {
    line: 'A.7.5 Error, RegExp, ArrayBuffer, DataView',
    source: "() => [new Error('e'), /x/, new ArrayBuffer(2), new DataView(new ArrayBuffer(1))]",
    strict: '[{},{},{},{}]',
  },
  { line: 'A.7.5 generator', source: '() => (function* () {})()', strict: '{}' },
  { line: 'A.7.5 lone surrogate', source: "() => 'a\\ud800b'", strict: '"a\\ud800b"' },
  { line: 'A.7.5 plain UTF-8', source: "() => '<>&\\u2028é😀'", strict: '"<>&\u2028é😀"' },
  { line: 'A.7.5 holes', source: '() => [1, , undefined, () => 1]', strict: '[1,null,null,null]' },

  {
    line: 'A.7.5 number and boolean',
    source: '() => [1e21, 0.1 + 0.2, false]',
    strict: '[1e+21,0.30000000000000004,false]',
  },
  {
    line: 'A.7.5 cyclic object',
    source: '() => { const a = {}; a.a = a; return a }',
    strict: '',
    faithful: {
      error:
        "TypeError: Converting circular structure to JSON --> starting at object with constructor 'Object' --- property 'a' closes the circle",
    },
    reason: reasons.sendable,
  },
  {
    line: 'A.7.5 nesting too deep for the stack',
    source: '() => { let o = []; for (let n = 0; n < 1e6; n++) o = [o]; return o }',
    strict: '',
    faithful: { error: 'RangeError: Maximum call stack size exceeded' },
    reason: reasons.sendable,
  },
  {
    line: 'A.7.5 revoked Proxy',
    source: '() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy }',
    strict: '',
    faithful: {
      error: "TypeError: Cannot perform 'getPrototypeOf' on a proxy that has been revoked",
    },
    reason: reasons.sendable,
  },
  {
    line: 'A.7.5 members without a JSON text',
    source: "() => ({ u: undefined, f: () => 1, [Symbol('k')]: 1, s: Symbol('v'), n: NaN })",
    strict: '{"n":null}',
  },
  {
    line: 'A.7.5 integer keys first, inherited ones not',
    source: "() => Object.assign(Object.create({ x: 1 }), { b: 1, 2: 2, 1: 3, 'é😀': 4 })",
    strict: '{"1":3,"2":2,"b":1,"é😀":4}',
  },
  {
    line: 'A.7.5 class instance',
    source: '() => new (class A { #p = 1; q = 2; get r() { return 3 } })()',
    strict: '{"q":2}',
  },
  {
    line: 'A.7.5 toJSON of a function, and of all objects',
    source:
      "() => { const f = Object.assign(() => 1, { toJSON: () => 'f' }); Object.prototype.toJSON = function () { return 'all' }; return f }",
    strict: '"f"',
  },
  {
    line: 'A.7.5 JSON.stringify of the function',
    source: "() => { JSON.stringify = () => 'own'; return { a: 1 } }",
    strict: '{"a":1}',
  },
  {
    line: 'A.7.5 SharedArrayBuffer, WeakMap, iterator',
    source: '() => [new SharedArrayBuffer(2), new WeakMap(), [1][Symbol.iterator]()]',
    strict: '[{},{},{}]',
  },
];
