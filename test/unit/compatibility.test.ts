import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { basename } from 'node:path';
import type { Warning } from '../../runtime/protocol/warnings.ts';
import { buildArtifact } from '../../runtime/artifact/buildArtifact.ts';
import { SourceFolder } from '../support/sourceFolder.ts';

/** `code file:line:column`, without the place where there is none. */
function brief({ code, source }: Warning): string {
  if (source === undefined) return code;
  return `${code} ${basename(fileURLToPath(source.url))}:${source.line}:${source.column}`;
}

describe('compatibility warnings of a source', () => {
  const folder = new SourceFolder();

  const rows: [what: string, file: string, text: string, expected: string[]][] = [
    ['nothing', 'a.js', '(subject) => subject', []],
    ['an async function', 'a.js', '\nasync (s) => s', ['promise-returned a.js:2:1']],
    ['a named async function', 'a.js', 'async function f() {}\nf', ['promise-returned a.js:1:1']],
    ['an async helper', 'a.js', 'const f = async () => 1;\n(s) => { f(); return 1 }', []],
    [
      'a source over 12288 bytes',
      'a.js',
      `/*${'x'.repeat(12_300)}*/ (s) => s`,
      ['source-too-large'],
    ],
    [
      'each web API once',
      'a.js',
      '(s, p) => {\n  new TextDecoder().decode(p);\n  new TextDecoder();\n  return structuredClone(s);\n}',
      ['web-api a.js:2:7', 'web-api a.js:4:10'],
    ],
    [
      'names of its own',
      'a.js',
      'const URL = 1, a = { crypto: 2 };\n(s, atob) => atob(a.crypto, URL)',
      [],
    ],
    [
      'an API that it asks for',
      'a.js',
      "(s) => typeof TextDecoder === 'undefined' ? s : TextDecoder",
      [],
    ],
    ['a timer', 'a.js', '(s) => {\n  setTimeout(() => 1);\n}', ['timer a.js:2:3']],
    [
      'what only Node.js has',
      'a.js',
      '(s) => Buffer.from(s).toString()',
      ['missing-global a.js:1:8'],
    ],
    [
      'text made of bytes',
      'a.js',
      '(s, p) => String.fromCharCode(...p)',
      ['payload-garbled a.js:1:11'],
    ],
    [
      'by apply',
      'a.js',
      '(s, p) => String.fromCharCode.apply(null, p)',
      ['payload-garbled a.js:1:11'],
    ],
    ['text decoded', 'a.js', '(s, p) => decodeURIComponent(escape(String.fromCharCode(...p)))', []],
    ['text of other numbers', 'a.js', '(s, p) => String.fromCharCode(...[65, 66])', []],
    ['bytes returned', 'a.js', '(s, p) => {\n  return p;\n}', ['typed-array-returned a.js:2:10']],
    ['new bytes returned', 'a.js', '(s) => new Uint8Array(3)', ['typed-array-returned a.js:1:8']],
    ['bytes returned by a helper', 'a.js', 'const f = (s, p) => p;\n(s, p) => f(s, p).length', []],
    [
      'requestMany',
      'a.js',
      '(s, p) => this.messaging.requestMany(s, p).length',
      ['request-many a.js:1:11'],
    ],
    ['a query', 'a.js', "(s) => http.get('http://h/a?b=1').status", ['query-string a.js:1:8']],
    ['a query of another http', 'a.js', "const http = {};\n(s) => http.get('http://h/a?b=1')", []],
    ['a new method', 'a.js', '(s, p) => ({ a: [...p].toSorted() })', ['language-level a.js:1:24']],
    ['a new static', 'a.js', '(s, p) => Object.groupBy(p, (x) => x)', ['language-level a.js:1:18']],
    ['new syntax', 'a.js', '(s) =>\n  /[a--b]/v.test(s)', ['language-level a.js:2:4']],
    [
      'TypeScript, where it was written',
      'a.ts',
      'interface P { n: number }\n\n(s: string, p: Uint8Array): unknown =>\n  ({ text: new TextDecoder().decode(p) })\n',
      ['web-api a.ts:4:16'],
    ],
    [
      'a module, in the file that it is in',
      'a.mts',
      "import { text } from './helper';\nexport default async (s: string, p: Uint8Array) => text(p);\n",
      ['web-api helper.ts:1:44', 'promise-returned a.mts:2:16'],
    ],
    [
      'a module, in packages where the user does not do it as well',
      'a.mts',
      "import { far } from 'far';\nexport default (s: string) => ({ a: far(), b: crypto.randomUUID() });\n",
      ['web-api a.mts:2:47', 'timer far.js:1:30'],
    ],
  ];
  for (const [what, file, text, expected] of rows) {
    it(`tell of ${what} (${file})`, async () => {
      folder.write(
        'helper.ts',
        'export const text = (p: Uint8Array) => new TextDecoder().decode(p);\n',
      );
      folder.write('node_modules/far/package.json', '{"name":"far","main":"far.js"}');
      folder.write(
        'node_modules/far/far.js',
        'exports.far = () => { return setTimeout(crypto.randomUUID) };\n',
      );
      const { warnings } = await folder.build(file, text);
      assert.deepEqual(warnings.map(brief).sort(), [...expected].sort());
    });
  }

  it('name what is missing and what to write instead', async () => {
    const { warnings } = await folder.build('a.js', '(s, p) => [new TextDecoder().decode(p)]');
    assert.match(warnings[0]?.text ?? '', /^TextDecoder .* decodeURIComponent/);
  });

  it('tell of the examples only what garbles text beyond ASCII', async () => {
    const examples = ['echo', 'jokes', 'jokes-seed', 'telemetry'];
    for (const name of examples) {
      const file = fileURLToPath(new URL(`../../examples/${name}.js`, import.meta.url));
      const { warnings } = await buildArtifact(file);
      assert.deepEqual(
        warnings.map(({ code }) => code),
        // The talk's own program, as it is on the slide.
        name === 'echo' ? ['payload-garbled'] : [],
      );
    }
  });
});
