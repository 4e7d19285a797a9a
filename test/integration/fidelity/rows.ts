/**
 * What the real Nex 0.3.0-rc1 does with a function, line by line of its protocol's description, and what this node does
 * in each mode. A row whose modes differ says why.
 */
export interface Row {
  /** Section of the protocol's description, and what the row is about. */
  readonly line: string;
  /** `(subject, payload) => …`; `attempt(f)` is what `f` returns or throws. */
  readonly source: string;
  readonly message?: string | Uint8Array;
  readonly strict: Outcome;
  /** As in strict, where it is left out. */
  readonly faithful?: Outcome;
  readonly reason?: string;
}

/** The reply's text; silence; or the text of an error reply. */
export type Outcome = string | typeof silence | { readonly error: string };
export const silence = Symbol('silence');

const loud = 'a failure is answered at once: nobody is to wait for a time-out';
const awaits = 'a Promise is awaited, with a warning';
const sendable = 'what cannot be said as JSON is an error: an empty reply hides it';
const bytes = 'bytes arrive as they were given: the real node loses data';
const oneContext = 'values belong to the one context: instanceof works';
const newer = 'the language is that of this V8; what is newer is warned of';

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
  { line: 'A.7.5 Promise', source: 'async () => 1', strict: '{}', faithful: '1', reason: awaits },
  {
    line: 'A.7.5 rejected Promise',
    source: "async () => { throw new Error('late') }",
    strict: '{}',
    faithful: { error: 'Error: late' },
    reason: awaits,
  },
  { line: 'A.7.5 thenable', source: '() => ({ then(f) { f(1) }, x: 1 })', strict: '{"x":1}' },
  { line: 'A.7.5 Map', source: '() => new Map([[1, 2]])', strict: '{}' },
  { line: 'A.7.5 Set', source: '() => new Set([1])', strict: '{}' },
  {
    line: 'A.7.5 BigInt',
    source: '() => 10n',
    strict: '',
    faithful: { error: 'TypeError: Do not know how to serialize a BigInt' },
    reason: sendable,
  },
  {
    line: 'A.7.5 BigInt64Array',
    source: '() => new BigInt64Array(1)',
    strict: '',
    faithful: { error: 'TypeError: Do not know how to serialize a BigInt' },
    reason: sendable,
  },
  {
    line: 'A.7.5 throwing toJSON',
    source: "() => ({ toJSON() { throw 'no' } })",
    strict: '',
    faithful: { error: 'no' },
    reason: sendable,
  },
  {
    line: 'A.7.5 throwing getter',
    source: "() => ({ get a() { throw 'no' } })",
    strict: '',
    faithful: { error: 'no' },
    reason: sendable,
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
    reason: oneContext,
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
    reason: newer,
  },
  {
    line: 'A.7.4 locale',
    source: '() => new Intl.NumberFormat().resolvedOptions().locale',
    strict: '"en-US"',
  },
];

export const thrownRows: readonly Row[] = [
  {
    line: 'A.7.5 a thrown string',
    source: "() => { throw 'x' }",
    strict: silence,
    faithful: { error: 'x' },
    reason: loud,
  },
  {
    line: 'A.7.5 a thrown Error',
    source: "() => { throw new TypeError('x') }",
    strict: silence,
    faithful: { error: 'TypeError: x' },
    reason: loud,
  },
  {
    line: 'A.7.5 a thrown number',
    source: '() => { throw 42 }',
    strict: silence,
    faithful: { error: '42' },
    reason: loud,
  },
  {
    line: 'A.7.5 JSON over 1 MiB',
    source: "() => 'x'.repeat(2 ** 20)",
    strict: silence,
    faithful: {
      error: 'failed to write 1048578-byte response: this NATS server takes 1048576 bytes at most',
    },
    reason: loud,
  },
  {
    line: 'A.7.4 a class',
    source: 'class A {}',
    strict: silence,
    faithful: { error: "TypeError: Class constructor A cannot be invoked without 'new'" },
    reason: loud,
  },
  {
    line: 'A.8.3 a request that nobody answers',
    source: "(s, p) => messaging.request('fidelity.deaf', p)",
    strict: silence,
    faithful: { error: 'v8 execution timed out after 5000ms' },
    reason: loud,
  },
];

const dropped = 'addresses arrive as they were given: the real node loses data';
const told = 'an error that says so beats a message that goes nowhere';

/** `HTTP` stands for the address of a server that answers with what it got; `CLOSED` for a port where none listens. */
export const serviceRows: readonly Row[] = [
  {
    line: 'A.8.2 bucket name is required',
    source: '() => [attempt(() => kv()), attempt(() => objectStore())]',
    strict: '["! bucket name is required","! bucket name is required"]',
  },
  {
    line: 'A.8.2 kv: key is required',
    source:
      "() => { const b = kv('fa'); return [attempt(() => b.get()), attempt(() => b.get('a', 1)), attempt(() => b.delete())] }",
    strict: '["! key is required","! key is required","! key is required"]',
  },
  {
    line: 'A.8.2 kv.set: key and value are required',
    source: "() => attempt(() => kv('fa').set('a'))",
    strict: '"! key and value are required"',
  },
  {
    line: 'A.8.2 objectStore: name is required',
    source:
      "() => { const b = objectStore('fa'); return [attempt(() => b.get()), attempt(() => b.delete()), attempt(() => b.put('a'))] }",
    strict: '["! name is required","! name is required","! name and value are required"]',
  },
  {
    line: 'A.8.2 http: url is required',
    source: '() => attempt(() => http.get())',
    strict: '"! url is required"',
  },
  {
    line: 'A.8.2 messaging: subject and payload are required',
    source:
      "() => ['publish', 'request', 'requestMany'].map((m) => attempt(() => messaging[m]('a')))",
    strict:
      '["! subject and payload are required","! subject and payload are required","! subject and payload are required"]',
  },
  {
    line: 'A.8.2 requestMany',
    source: "(s, p) => attempt(() => messaging.requestMany('a', p))",
    strict: `"! this function isn't currently supported"`,
  },
  {
    line: 'A.8.2 only a Uint8Array passes',
    source:
      "() => ['x', [1], new Uint16Array(1), null, { a: 1 }].map((v) => attempt(() => kv('fa').set('a', v)))",
    strict: JSON.stringify(
      ['x', '1', '0', 'null', '[object Object]'].map(
        (v) => `! failed to marshal v8 value to []byte: ${v}; only Uint8[] is supported`,
      ),
    ),
  },
  {
    line: 'A.8.2 a payload that is undefined',
    source: "() => attempt(() => http.get('http://h/', undefined))",
    strict: '"! failed to marshal v8 value to []byte: undefined; only Uint8[] is supported"',
  },
  {
    line: 'A.8.2 kv: a bad bucket name',
    source: "() => attempt(() => kv('a b').keys())",
    strict: '"! Error: Could not resolve host services KV bucket (500)"',
  },
  {
    line: 'A.8.2 kv: an empty key',
    source: "() => attempt(() => kv('fa').get(' '))",
    strict: '"! Error: key is required (400)"',
  },
  {
    line: 'A.8.2 kv: a missing key',
    source: "() => attempt(() => kv('fa').get('none'))",
    strict: '"! Error: failed to get value for key (500)"',
  },
  {
    line: 'A.8.2 kv: invalid keys',
    source:
      "(s, p) => ['a b', '.a', 'a.', 'a*', 'a:b', 'é'].map((k) => attempt(() => kv('fa').set(k, p)))",
    strict: JSON.stringify(Array(6).fill('! Error: failed to write value for key (500)')),
  },
  {
    line: 'A.8.2 kv: deleting a missing key',
    source: "() => attempt(() => kv('fa').delete('none'))",
    strict: '"undefined"',
  },
  { line: 'A.8.1 kv: keys of an empty bucket', source: "() => kv('fempty').keys()", strict: '[]' },
  {
    line: 'A.8.1 kv: undefined is a name',
    source: "(s, p) => { kv(undefined).set(undefined, p); return kv('undefined').keys() }",
    strict: '["undefined"]',
  },
  {
    line: 'A.8.1 what services give is of another context',
    source:
      "() => [kv('fa') instanceof Object, kv('fempty').keys() instanceof Array, Array.isArray(kv('fempty').keys())]",
    strict: '[false,false,true]',
    faithful: '[true,true,true]',
    reason: oneContext,
  },
  {
    line: 'A.8.1 methods may be called bare',
    source: "(s, p) => { const { set, get } = kv('fbare'); set('a', p); return [...get('a')] }",
    message: 'hi',
    strict: '[104,105]',
  },
  {
    line: 'A.8.2 objectStore: a missing object',
    source:
      "() => [attempt(() => objectStore('fb').get('none')), attempt(() => objectStore('fb').delete('none'))]",
    strict: '["! Error: failed to get object (500)","! Error: failed to delete object (500)"]',
  },
  {
    line: 'A.8.5 #8 an empty store throws',
    source: "() => attempt(() => objectStore('fempty').list())",
    strict: '"! Error: failed to list objects (500)"',
  },
  {
    line: 'A.8.1 objectStore: white space of names',
    source: "(s, p) => objectStore('fc').put(' a\\nb ', p).name",
    strict: '"a b"',
  },
  {
    line: 'A.8.2 objectStore: an empty name',
    source: "(s, p) => attempt(() => objectStore('fc').put(' ', p))",
    strict: '"! Error: name is required (400)"',
  },
  {
    line: 'A.8.2 objectStore: put fails',
    source:
      "() => { for (let n = 0; n < 9; n++) { const r = attempt(() => objectStore('ffull').put('o' + n, new Uint8Array(100000))); if (r[0] === '!') return r } }",
    strict: '"! Error:  (500)"',
  },
  {
    line: 'A.8.2 messaging: an empty subject',
    source:
      "(s, p) => [attempt(() => messaging.publish('', p)), attempt(() => messaging.request('', p))]",
    strict: '["! Error: subject is required (500)","! Error: subject is required (400)"]',
  },
  {
    line: 'A.8.2 messaging: no responders',
    source: "(s, p) => attempt(() => messaging.request('fidelity.nobody', p))",
    strict: '"! Error: failed to send request (500)"',
  },
  {
    line: 'A.8.2 messaging: malformed subjects',
    source: "(s, p) => ['a b', 'a..b', '.a'].map((x) => attempt(() => messaging.publish(x, p)))",
    strict: '["undefined","undefined","undefined"]',
    faithful: '["! Error: failed to publish message (500)","undefined","undefined"]',
    reason: told,
  },
  {
    line: 'A.8.5 #1 bytes above 0x7F',
    source:
      "() => { const b = kv('fd'); b.set('a', new Uint8Array([65, 0xe9])); return [...b.get('a')] }",
    strict: '[65,195,169]',
    faithful: '[65,233]',
    reason: bytes,
  },
  {
    line: 'A.8.5 #1 in objects',
    source:
      "() => { const b = objectStore('fd'); b.put('a', new Uint8Array([0xff])); return [...b.get('a')] }",
    strict: '[195,191]',
    faithful: '[255]',
    reason: bytes,
  },
  {
    line: 'A.8.5 #1 in messages',
    source: "() => [...messaging.request('fidelity.echo', new Uint8Array([0x80]))]",
    strict: '[194,128]',
    faithful: '[128]',
    reason: bytes,
  },
  {
    line: 'A.8.5 #1 in bodies',
    source: "() => http.post('HTTP/hex', new Uint8Array([0xe9])).response",
    strict: '"POST //hex c3a9"',
    faithful: '"POST /hex e9"',
    reason: bytes,
  },
  {
    line: 'A.8.5 #2 long arrays',
    source:
      "() => [125000, 126000].map((n) => attempt(() => kv('fe').set('a', new Uint8Array(n))))",
    strict: '["undefined","! RangeError: Maximum call stack size exceeded"]',
    faithful: '["undefined","undefined"]',
    reason: bytes,
  },
  {
    line: 'A.8.5 #3 a doubled slash',
    source: "() => ['/a', '/', ''].map((path) => http.get('HTTP' + path).response)",
    strict: '["GET //a ","GET // ","GET / "]',
    faithful: '["GET /a ","GET / ","GET / "]',
    reason: dropped,
  },
  {
    line: 'A.8.5 #3 a path decoded once more',
    source:
      "() => ['/a%2Fb', '/a%3Fb', '/a%20b', '/é'].map((path) => http.get('HTTP' + path).response)",
    strict: '["GET //a/b ","GET //a?b ","GET //a%20b ","GET //%C3%A9 "]',
    faithful: '["GET /a%2Fb ","GET /a%3Fb ","GET /a%20b ","GET /%C3%A9 "]',
    reason: dropped,
  },
  {
    line: 'A.8.5 #3 an escape that fails',
    source:
      "() => [attempt(() => http.get('HTTP/%25zz').status).replace(/:\\d+/, ''), attempt(() => http.put('HTTP/%25zz').status)]",
    strict:
      '["! Error: parse \\"http://127.0.0.1//%zz\\": invalid URL escape \\"%zz\\" (500)","! Error: http request failed (500)"]',
    faithful: '["200","200"]',
    reason: dropped,
  },
  {
    line: 'A.8.5 #4 the query string',
    source: "() => ['get', 'post', 'delete'].map((m) => http[m]('HTTP/q?a=1#f').response)",
    strict: '["GET //q ","POST //q ","DELETE //q "]',
    faithful: '["GET /q?a=1 ","POST /q?a=1 ","DELETE /q?a=1 "]',
    reason: dropped,
  },
  {
    line: 'A.8.5 #5 bodies of delete and get',
    source: "(s, p) => ['delete', 'get'].map((m) => http[m]('HTTP', p).response)",
    message: 'x',
    strict: '["DELETE / ","GET / "]',
  },
  {
    line: 'A.8.5 #6 request headers',
    source: "(s, p) => JSON.parse(http.post('HTTP/headers', p).response)",
    message: 'x',
    strict:
      '{"accept":"*","accept-encoding":"gzip, deflate","accept-language":"en-us","connection":"close","content-length":"1","content-type":"text/plain","user-agent":"Go-http-client/1.1"}',
  },
  {
    line: 'A.8.5 #6 gzip is unpacked',
    source:
      "() => { const r = http.get('HTTP/gzip'); return [r.response, r.headers['Content-Encoding']] }",
    strict: '["packed","gzip"]',
  },
  {
    line: 'A.8.1 an empty body',
    source: "() => 'response' in http.get('HTTP/empty')",
    strict: 'false',
  },
  {
    line: 'A.8.1 several values of a header',
    source: "() => http.get('HTTP').headers['X-Multi']",
    strict: '"a, b"',
  },
  {
    line: 'A.8.1 invalid UTF-8 in a body',
    source: "() => http.get('HTTP/invalid').response",
    strict: '"a\ufffd\ufffdb"',
  },
  {
    line: 'A.8.1 any status is a success',
    source: "() => http.get('HTTP/teapot').status",
    strict: '418',
  },
  {
    line: 'A.8.2 http: nobody listens',
    source: "() => attempt(() => http.get('CLOSED/x'))",
    strict:
      '"! Error: Get \\"CLOSED//x\\": dial tcp 127.0.0.1:1: connect: connection refused (500)"',
    faithful:
      '"! Error: Get \\"CLOSED/x\\": dial tcp 127.0.0.1:1: connect: connection refused (500)"',
    reason: dropped,
  },
  {
    line: 'A.8.2 http: the misspelling of post',
    source: "() => attempt(() => http.post('CLOSED'))",
    strict:
      '"! Error: http reqeust failed: Post \\"CLOSED/\\": dial tcp 127.0.0.1:1: connect: connection refused (500)"',
  },
  {
    line: 'A.8.2 http: bad addresses',
    source: "() => ['%zz', ':x', 'ftp://h/x', '/a'].map((u) => attempt(() => http.get(u)))",
    strict: JSON.stringify([
      '! parse "%zz": invalid URL escape "%zz"',
      '! parse ":x": missing protocol scheme',
      '! Error: Get "ftp://h//x": unsupported protocol scheme "ftp" (500)',
      '! Error: parse ":////a": missing protocol scheme (500)',
    ]),
    faithful: JSON.stringify([
      '! parse "%zz": invalid URL escape "%zz"',
      '! parse ":x": missing protocol scheme',
      '! Error: Get "ftp://h/x": unsupported protocol scheme "ftp" (500)',
      '! Error: parse ":////a": missing protocol scheme (500)',
    ]),
    reason: dropped,
  },
];
