import { reasons, type Row } from './row.ts';

const looks = 'every message would pay for what hardly any function looks at';

export const bucketRows: readonly Row[] = [
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
    reason: reasons.oneContext,
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
    line: 'A.8.5 #1 bytes above 0x7F',
    source:
      "() => { const b = kv('fd'); b.set('a', new Uint8Array([65, 0xe9])); return [...b.get('a')] }",
    strict: '[65,195,169]',
    faithful: '[65,233]',
    reason: reasons.bytes,
  },
  {
    line: 'A.8.5 #1 in objects',
    source:
      "() => { const b = objectStore('fd'); b.put('a', new Uint8Array([0xff])); return [...b.get('a')] }",
    strict: '[195,191]',
    faithful: '[255]',
    reason: reasons.bytes,
  },
  {
    line: 'A.8.5 #2 long arrays',
    source:
      "() => [125000, 126000].map((n) => attempt(() => kv('fe').set('a', new Uint8Array(n))))",
    strict: '["undefined","! RangeError: Maximum call stack size exceeded"]',
    faithful: '["undefined","undefined"]',
    reason: reasons.bytes,
  },

  {
    line: 'A.8.1 functions as v8go makes them',
    source:
      "() => Object.entries({ kv, get: http.get, publish: messaging.publish }).map(([n, f]) => f.name === n && String(f) === 'function ' + n + '() { [native code] }')",
    strict: '[true,true,true]',
    faithful: '[false,false,false]',
    reason: looks,
  },
  {
    line: 'A.8.1 kv may be called as a constructor',
    source: "() => attempt(() => typeof new kv('fa').get)",
    strict: '"function"',
    faithful: '"not a string: TypeError: kv is not a constructor"',
    reason: looks,
  },
  {
    line: 'A.8.1 functions of kv() are of another context',
    source: "() => [kv instanceof Function, kv('fa').get instanceof Function]",
    strict: '[true,false]',
    faithful: '[true,true]',
    reason: reasons.oneContext,
  },
  {
    line: 'A.8.1 kv: no I/O yet',
    source: "() => [Object.keys(kv('a b')), Object.keys(objectStore('a b'))]",
    strict: '[["get","set","delete","keys"],["get","put","delete","list"]]',
  },
  {
    line: 'A.8.1 arguments of keys and list are ignored',
    source:
      "(s, p) => { objectStore('fargs').put('o', p); return [kv('fempty').keys(1, 2), objectStore('fargs').list(1).length] }",
    strict: '[[],1]',
  },
  {
    line: 'A.8.1 values that are no names',
    source:
      "() => [Symbol('s'), {}, [1, 2], () => 1, { toString() { throw 1 } }].map((b) => attempt(() => kv(b).keys()))",
    strict: JSON.stringify(
      Array(5).fill('! Error: Could not resolve host services KV bucket (500)'),
    ),
  },
  {
    line: 'A.8.2 a lone surrogate in a text',
    source: "() => attempt(() => kv('fa').set('a', 'x\\ud800'))",
    strict:
      '"! failed to marshal v8 value to []byte: x\ufffd\ufffd\ufffd; only Uint8[] is supported"',
  },
  {
    line: 'A.8.2 kv: more invalid keys',
    source:
      "(s, p) => ['a..b', '$x', 'a>b'].flatMap((k) => ['get', 'delete'].map((m) => attempt(() => kv('fa')[m](k))))",
    strict: JSON.stringify(
      Array(3)
        .fill(['! Error: failed to get value for key (500)', '! Error: failed to delete key (500)'])
        .flat(),
    ),
  },
  {
    line: 'A.8.2 kv: a deleted key',
    source:
      "(s, p) => { const b = kv('fdel'); b.set('k', p); b.delete('k'); return [attempt(() => b.get('k')), b.keys()] }",
    strict: '["! Error: failed to get value for key (500)",[]]',
  },
  {
    line: 'A.8.2 kv: a full bucket',
    source:
      "() => { for (let n = 0; n < 9; n++) { const r = attempt(() => kv('ffull').set('k' + n, new Uint8Array(100000))); if (r[0] === '!') return r } }",
    strict: '"! Error: failed to write value for key (500)"',
  },
  {
    line: 'A.8.2 objectStore: a bad bucket name',
    source:
      "() => [attempt(() => objectStore('a b').list()), attempt(() => objectStore('a.b').get('x'))]",
    strict:
      '["! Error: unable to resolve object store (500)","! Error: unable to resolve object store (500)"]',
  },
  {
    line: 'A.8.3 the default bucket names are unreachable',
    source: "() => [attempt(() => kv('').keys()), attempt(() => objectStore('').list())]",
    strict:
      '["! Error: Could not resolve host services KV bucket (500)","! Error: unable to resolve object store (500)"]',
  },
  {
    line: 'A.8.5 #10 an object of kv() is kept within a trigger',
    source:
      "() => { globalThis.kept ??= kv('fkept'); const again = globalThis.kept; again.set('a', new Uint8Array()); return [again.keys(), again.get('a').length] }",
    strict: '[["a"],0]',
  },
  {
    line: 'A.8.1 empty values',
    source:
      "() => { const o = objectStore('fzero'); const { size, chunks } = o.put('e', new Uint8Array()); return [size, chunks, o.get('e').length] }",
    strict: '[0,0,0]',
  },
  {
    line: 'A.8.1 Uint8Arrays of all kinds',
    source:
      "() => [new (class extends Uint8Array {})([65]), new Uint8Array([0, 66, 0]).subarray(1, 2), new Uint8Array(new SharedArrayBuffer(1))].map((v) => { kv('fkind').set('a', v); return [...kv('fkind').get('a')] })",
    strict: '[[65],[66],[0]]',
  },
  {
    line: 'A.8.5 #2 a Uint8Array that nobody can spread',
    source:
      "() => attempt(() => kv('fspread').set('a', Object.setPrototypeOf(new Uint8Array(1), null)))",
    strict: '"! TypeError: Spread syntax requires ...iterable[Symbol.iterator] to be a function"',
    faithful: '"undefined"',
    reason: reasons.bytes,
  },
];
