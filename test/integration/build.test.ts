import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isolatedEnvironment } from '../support/devNode.ts';
import { runNexdev } from '../support/nexdev.ts';
import { SourceFolder, evaluate } from '../support/sourceFolder.ts';

describe('nexdev build', () => {
  const folder = new SourceFolder();
  const build = (...args: string[]) =>
    runNexdev(['build', ...args], isolatedEnvironment(folder.path), folder.path);
  const text = (name: string) => readFileSync(join(folder.path, name), 'utf8');

  const rows: [what: string, file: string, source: string][] = [
    ['a script', 'echo.js', '#!/usr/bin/env nex\n(subject) => `${subject}!`\n'],
    ['a script in TypeScript', 'echo.ts', '(subject: string): string => `${subject}!`;\n'],
    [
      'a module with a helper and a package',
      'echo.mts',
      "import { mark } from './mark';\nimport add from 'add';\n" +
        'export default function echo(subject: string): string {\n  return add(subject, mark);\n}\n',
    ],
    [
      'a CommonJS module',
      'echo.cjs',
      "const add = require('add');\nmodule.exports = (s) => add(s, '!');\n",
    ],
    [
      'syntax that V8 11.1 lacks',
      'echo.js',
      '(subject) => /[[a-z]--b]/v.test(subject) || `${subject}!`\n',
    ],
  ];
  for (const [what, file, source] of rows) {
    for (const flags of [[], ['--minify']]) {
      it(`makes one clean script of ${what} ${flags.join()}`.trim(), async () => {
        folder.write('mark.ts', "export const mark: string = '!';\n");
        folder.write('node_modules/add/index.js', 'module.exports = (a, b) => a + b;\n');
        const { code, stderr, stdout } = await build(folder.write(file, source), ...flags);
        assert.deepEqual([code, stderr], [0, '']);
        const out = text('echo.nex.js');
        assert.match(stdout, new RegExp(`${Buffer.byteLength(out)} of at most 12288 bytes`));
        assert.doesNotMatch(out, /sourceMappingURL|: string|\bimport |\bexport |\/v\b/);
        assert.equal(evaluate({ bytes: Buffer.from(out) })('B'), 'B!');
      });
    }
  }

  it('says where a real node does otherwise, and takes the name it is given', async () => {
    const file = folder.write(
      'echo.ts',
      'async (s: string, p: Uint8Array) =>\n  new TextDecoder().decode(p);\n',
    );
    const { code, stderr } = await build(file, '-o', join(folder.path, 'dist', 'real.js'));
    assert.equal(code, 0);
    assert.match(stderr, /^Warning: echo\.ts:2:7: TextDecoder .*\[web-api\]$/m);
    assert.match(stderr, /\[promise-returned\]/);
    assert.match(text(join('dist', 'real.js')), /TextDecoder/);
  });

  it('fails where a real node would refuse the file, which --minify may cure', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `const variable${index} = subject;`);
    const file = folder.write(
      'long.ts',
      `(subject: string) => {\n${lines.join('\n')}\nreturn variable0;\n}`,
    );
    const { code, stdout, stderr } = await build(file, '--json');
    assert.equal(code, 1);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual([report['passes'], report['limit']], [false, 12_288]);
    assert.match(stderr, /"code":"artifact-too-large".*--minify/);
    assert.equal((await build(file, '--minify')).code, 0);
    assert.equal(evaluate({ bytes: Buffer.from(text('long.nex.js')) })('x'), 'x');
  });

  it('writes over what it wrote, and over nothing else unless it is named', async () => {
    const file = folder.write('echo.js', '(s) => s');
    assert.equal((await build(file)).code, 0);
    assert.equal((await build(file)).code, 0);
    const other = folder.write('echo.nex.js', '// mine');
    const refused = await build(file);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /echo\.nex\.js exists and was not built by nexdev/);
    assert.equal(text('echo.nex.js'), '// mine');
    assert.equal((await build(file, '-o', other)).code, 0);
    assert.match((await build(file, '-o', file)).stderr, /is one of the sources/);
    assert.equal(text('echo.js'), '(s) => s');
  });

  it('writes into a folder that is named, and makes it', async () => {
    const file = folder.write('echo.ts', '(s: string) => s;\n');
    for (const out of ['new/', 'new']) {
      assert.match((await build(file, '-o', out)).stdout, /new.echo\.nex\.js: \d+ of at most/);
    }
    assert.equal(evaluate({ bytes: Buffer.from(text(join('new', 'echo.nex.js'))) })('x'), 'x');
  });

  it('takes a file only', async () => {
    const { code, stderr } = await build(folder.path);
    assert.equal(code, 1);
    assert.match(stderr, /is a folder\.\nName the file in it/);
  });

  it('names file, line and column of an error and writes nothing', async () => {
    const { code, stderr } = await build(
      folder.write('bad.ts', '(s: string) => {\n  retrun s;\n}'),
    );
    assert.equal(code, 1);
    assert.match(stderr, /^Error: bad\.ts:2:10: Expected ";"/);
    assert.ok(!existsSync(join(folder.path, 'bad.nex.js')));
  });

  it('says what a real node checks of what is deployed as it is', async () => {
    const wasm = folder.write('empty.wasm', Buffer.from('0061736d01000000', 'hex'));
    const { code, stdout } = await build(wasm);
    assert.equal(code, 0);
    assert.match(stdout, /empty\.wasm is deployed as it is \(8 bytes\)\. .* compiles/);
    assert.match((await build(wasm, '--minify')).stderr, /^Nothing is written: /);
  });
});
