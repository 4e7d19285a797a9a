import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping';
import { buildArtifact } from '../../runtime/artifact/buildArtifact.ts';
import { workloadName } from '../../runtime/artifact/workloadName.ts';

describe('artifact', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'nexdev-artifact-'))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const write = (name: string, text: string) => {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };

  const run = (bytes: Uint8Array): unknown => runInNewContext(Buffer.from(bytes).toString());

  it('takes a classic script byte for byte', async () => {
    const text = '// grüezi\r\n(subject, payload) => subject\r\n';
    const file = write('echo.fn.js', text);
    const artifact = await buildArtifact(file);
    assert.equal(Buffer.from(artifact.bytes).toString(), text);
    assert.equal(artifact.name, 'echofnjs');
    assert.match(artifact.hash, /^[0-9a-f]{64}$/);
    const url = pathToFileURL(file).href;
    assert.deepEqual(artifact.record, {
      program: file,
      scriptUrl: url,
      sources: [{ url, content: text }],
    });
    assert.deepEqual(artifact.warnings, []);
  });

  it('bundles a module into a script whose completion value is the default export', async () => {
    const helper = write('lib/helper.js', 'export const double = (n) => n * 2;\n');
    const file = write(
      'sum.mjs',
      "import { double } from './lib/helper.js';\nimport pkg from 'tiny';\n" +
        'export default (subject, payload) =>\n  double(payload.length) + pkg + this.offset;\n',
    );
    write('node_modules/tiny/package.json', '{"name":"tiny","main":"index.js"}');
    write('node_modules/tiny/index.js', 'module.exports = 100;\n');
    const { bytes, record, inputs } = await buildArtifact(file);
    const code = `globalThis.offset = 1000;${Buffer.from(bytes).toString()}`;
    const fn = runInNewContext(code) as (subject: string, payload: Uint8Array) => number;
    assert.equal(fn('s', new Uint8Array(3)), 1106);
    assert.ok(!Buffer.from(bytes).toString().includes('sourceMappingURL'));
    assert.equal(record.scriptUrl, `${pathToFileURL(file).href}.bundle.js`);
    assert.ok(inputs.includes(file) && inputs.includes(helper));
    const source = record.sources.find(({ url }) => url === pathToFileURL(helper).href);
    assert.equal(source?.content, readFileSync(helper, 'utf8'));
  });

  it('leads positions in the bundle back to absolute file URLs', async () => {
    const file = write('boom.mjs', "export default () => {\n  throw new Error('here');\n};\n");
    const { bytes, record } = await buildArtifact(file);
    const lines = Buffer.from(bytes).toString().split('\n');
    const line = lines.findIndex((text) => text.includes('throw new Error'));
    const column = lines[line]!.indexOf('throw');
    const found = originalPositionFor(new TraceMap(record.map!), { line: line + 1, column });
    assert.equal(found.source, pathToFileURL(file).href);
    assert.equal(found.line, 2);
  });

  it('lets a userland package stand for a module of Node', async () => {
    write('node_modules/events/package.json', '{"name":"events","main":"index.js"}');
    write('node_modules/events/index.js', 'module.exports = 7;\n');
    const file = write('e.js', "import n from 'events';\nexport default () => n;\n");
    assert.equal((run((await buildArtifact(file)).bytes) as () => number)(), 7);
  });

  const faults: [name: string, text: string, code: string, message: RegExp][] = [
    [
      'syntax.js',
      'const a = 1;\n(s) => { retrun 1 }\n',
      'syntax-error',
      /syntax\.js:2:17: Unexpected/,
    ],
    [
      'syntax.mjs',
      "import x from 'y';\nexport default (s) => { retrun 1 };\n",
      'syntax-error',
      /syntax\.mjs:2:/,
    ],
    ['awaits.js', 'await 1;\n(s) => s', 'syntax-error', /awaits\.js:1:/],
    ['declared.js', 'function handle(s) { return s }\n', 'no-function', /only declares/],
    ['literal.js', "'use strict';\n'hello'", 'no-function', /a literal/],
    ['common.js', 'module.exports = (s) => s', 'commonjs', /module\.exports/],
    ['named.mjs', 'export const f = (s) => s', 'no-default-export', /no default export/],
    ['object.mjs', 'export default { a: 1 }', 'default-export-not-a-function', /an object/],
    ['klass.mjs', 'export default class A {}', 'default-export-not-a-function', /a class/],
    [
      'fs.mjs',
      "import fs from 'node:fs';\nexport default () => fs",
      'node-builtin',
      /fs\.mjs:1:16: "node:fs"/,
    ],
    [
      'path.mjs',
      "import p from 'path';\nexport default () => p",
      'node-builtin',
      /path\.mjs:1:15: "path"/,
    ],
    [
      'lost.mjs',
      "import p from './lost-x.js';\nexport default () => p",
      'import-not-found',
      /lost\.mjs:1:15/,
    ],
    ['empty.js', '\n', 'empty-file', /empty/],
    ['text.txt', '(s) => s', 'unsupported-file', /text\.txt/],
    ['text.wasm', '(module)', 'unsupported-file', /text\.wasm is not a WebAssembly module/],
  ];
  for (const [name, text, code, message] of faults) {
    it(`refuses ${name}: ${code}`, async () => {
      await assert.rejects(
        buildArtifact(write(name, text)),
        (error: Error & { remedy?: string }) => {
          assert.equal((error as Error & { code?: string }).code, code);
          assert.match(error.message, message);
          assert.ok(error.remedy);
          return true;
        },
      );
    });
  }

  it('refuses a missing file and a folder', async () => {
    await assert.rejects(buildArtifact(join(directory, 'none.js')), { code: 'file-not-found' });
    mkdirSync(join(directory, 'folder.js'));
    await assert.rejects(buildArtifact(join(directory, 'folder.js')), { code: 'not-a-file' });
  });

  it('accepts an expression before the helpers it uses, and export { f as default }', async () => {
    await buildArtifact(write('first.js', '(s) => help(s)\nfunction help(s) { return s }\n'));
    await buildArtifact(write('as.mjs', 'const f = (s) => s;\nexport { f as default };\n'));
  });

  it('names a workload as nex does, and where nex fails', () => {
    assert.equal(workloadName('/a/b/echo.function.js'), 'echofunctionjs');
    assert.equal(workloadName('my echo (1).js'), 'my-echo--1-js');
  });
});
