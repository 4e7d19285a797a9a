import assert from 'node:assert/strict';
import { join } from 'node:path';
import { BuildError } from '../../runtime/artifact/buildError.ts';
import type { NexError } from '../../runtime/protocol/nexError.ts';
import { SourceFolder, evaluate, writtenAt } from '../support/sourceFolder.ts';

describe('a failed build', () => {
  const folder = new SourceFolder();

  it('carries every fault with its place', async () => {
    folder.write('other.ts', "import './lost';\nexport const two = 2;\n");
    const text =
      "import { two } from './other';\nimport fs from 'fs';\nexport default () => [two, fs];\n";
    await assert.rejects(folder.build('main.ts', text), (error: NexError) => {
      const places = error.diagnostics.map(({ file, line, column, endColumn, text: fault }) => {
        return [file.slice(folder.path.length + 1), line, column, endColumn, fault.split(' (')[0]];
      });
      assert.deepEqual(places.sort(), [
        ['main.ts', 2, 16, 20, '"fs" is a module of Node.js'],
        ['other.ts', 1, 8, 16, 'Could not resolve "./lost"'],
      ]);
      assert.match(error.message, /\(and 1 more\)$/);
      return true;
    });
  });

  const single: [name: string, text: string, code: string, line: number, column: number][] = [
    ['script.ts', 'const a: number = 1;\n(s: string) => { retrun a }\n', 'syntax-error', 2, 25],
    ['module.ts', 'export default (s: string) => {\n  return `${s;\n}\n', 'syntax-error', 2, 14],
    ['script.js', '(s) => {\n  const a = ;\n}', 'syntax-error', 2, 13],
    ['awaits.ts', 'const a = await 1;\nexport default () => a;', 'syntax-error', 1, 11],
    ['object.ts', 'const a: number = 1;\n({ a });', 'no-function', 2, 2],
    ['declared.ts', 'interface A { n: number }\n\nfunction f(a: A) {}\n', 'no-function', 3, 1],
    ['klass.mts', 'const a = 1;\nexport default class {}', 'default-export-not-a-function', 2, 1],
    ['equals.ts', 'const f = () => 1;\nexport = f;', 'commonjs', 2, 1],
  ];
  for (const [name, text, code, line, column] of single) {
    it(`names the place in ${name}: ${code}`, async () => {
      await assert.rejects(folder.build(name, text), (error: NexError) => {
        const [diagnostic] = error.diagnostics;
        assert.equal(error.code, code);
        assert.deepEqual(
          [diagnostic?.file, diagnostic?.line, diagnostic?.column],
          [join(folder.path, name), line, column],
        );
        assert.ok(error.message.startsWith(`${join(folder.path, name)}:${line}:${column}: `));
        assert.ok(error.remedy);
        return true;
      });
    });
  }

  const natives: [what: string, files: Record<string, string>][] = [
    [
      'finds its binary by node-gyp-build',
      {
        'package.json': '{"name":"fast","main":"i.js","dependencies":{"node-gyp-build":"1"}}',
        'i.js':
          "const path = require('path');\nmodule.exports = require('node-gyp-build')(__dirname);",
      },
    ],
    [
      'requires a .node file',
      {
        'package.json': '{"name":"fast","main":"i.js"}',
        'i.js': "module.exports = require('./fast.node');",
      },
    ],
    [
      'is built by node-gyp',
      {
        'package.json': '{"name":"fast","main":"i.js"}',
        'binding.gyp': '{}',
        'i.js': "module.exports = require('./build/Release/fast');",
      },
    ],
  ];
  for (const [what, files] of natives) {
    it(`names a package with native code that ${what}`, async () => {
      for (const [name, text] of Object.entries(files))
        folder.write(`node_modules/fast/${name}`, text);
      const text = "import fast from 'fast';\nexport default () => fast();\n";
      await assert.rejects(folder.build('main.ts', text), (error: NexError) => {
        assert.equal(error.code, 'native-package');
        assert.match(error.message, /package "fast"/);
        return true;
      });
    });
  }
});

describe('files that import each other', () => {
  const folder = new SourceFolder();

  it('work where nobody needs a value too early, with a warning that names the circle', async () => {
    folder.write('a.ts', "import { b } from './b';\nexport const a = (): number => b() + 1;\n");
    folder.write(
      'b.ts',
      "\nimport { a } from './a';\nexport const b = (n = 1): number => (n > 5 ? a() : n);\n",
    );
    const artifact = await folder.build(
      'main.ts',
      "import { a } from './a';\nexport default () => a();\n",
    );
    assert.equal(evaluate(artifact)(), 2);
    assert.deepEqual(
      artifact.warnings.map(({ code, text, source }) => [
        code,
        /: (.*)\.$/.exec(text)?.[1],
        source?.line,
        source?.column,
      ]),
      [['circular-import', 'a.ts → b.ts → a.ts', 2, 19]],
    );
  });

  const early: [title: string, a: string, b: string, at: string][] = [
    ['a name', 'export const base: number = 1;', 'export const more = base + 1;', '`base`'],
    ['a class to extend', 'export class base {}', 'export class more extends base {}', '`base`'],
  ];
  for (const [title, a, b, name] of early) {
    it(`are an error where one uses ${title} of the other before that has run`, async () => {
      const file = folder.write('a.ts', `import { more } from './b';\nexport { more };\n${a}\n`);
      const user = folder.write('b.ts', `import { base } from './a';\n\n${b}\n`);
      const text = "import { base, more } from './a';\nexport default () => [base, more];\n";
      await assert.rejects(folder.build('main.ts', text), (error) => {
        assert.ok(error instanceof BuildError);
        assert.equal(error.code, 'circular-import');
        const column = b.indexOf('base') + 1;
        assert.equal(
          error.message,
          `${user}:3:${column}: ${name} has no value here yet: b.ts and a.ts import each other in a circle, and a.ts runs later`,
        );
        assert.deepEqual([error.diagnostics[0]?.file, error.diagnostics[0]?.line], [user, 3]);
        assert.ok(error.inputs.includes(file), 'a change of the other file may cure it');
        return true;
      });
    });
  }

  it('throw when they run where a call uses a name too early, at its line', async () => {
    folder.write('a.ts', "import { more } from './b';\nexport const base = () => more;\n");
    folder.write(
      'b.ts',
      "import { base } from './a';\nexport const more = compute();\nfunction compute() {\n  return base();\n}\n",
    );
    const text = "import { base } from './a';\nexport default () => base();\n";
    const artifact = await folder.build('main.ts', text);
    assert.throws(() => evaluate(artifact), { message: /'base' before initialization/ });
    assert.equal(writtenAt(artifact, 'base();'), 'b.ts:4:10');
  });

  const unused: [title: string, b: string][] = [
    ['a default that is not taken', 'export const { more = base } = { more: 2 };'],
    [
      'an optional call that is not made',
      'export const more = 2;\n(globalThis as any).absent?.(base);',
    ],
  ];
  for (const [title, b] of unused) {
    it(`are no error where the name stands in ${title}`, async () => {
      folder.write(
        'a.ts',
        "import { more } from './b';\nexport const base = 1;\nexport { more };\n",
      );
      folder.write('b.ts', `import { base } from './a';\n${b}\n`);
      const text = "import { base, more } from './a';\nexport default () => base + more;\n";
      assert.equal(evaluate(await folder.build('main.ts', text))(), 3);
    });
  }

  it('keep what may be used early: functions, enums, and names whose value was never promised', async () => {
    folder.write(
      'a.ts',
      "import { more } from './b';\nexport enum Kind { One = 1 }\nexport function twice(n: number) { return 2 * n; }\nexport var old: number;\nexport const all = () => more;\n",
    );
    folder.write(
      'b.ts',
      "import { old, twice } from './a';\nexport const more = twice(2) + (old ?? 1);\n",
    );
    const text = "import { Kind, all } from './a';\nexport default () => all() + Kind.One;\n";
    assert.equal(evaluate(await folder.build('main.ts', text))(), 6);
  });

  it('raise no warning where only types or later imports close the circle', async () => {
    folder.write('a.ts', "import type { B } from './b';\nexport const a: B = 1;\n");
    folder.write(
      'b.ts',
      "import { a } from './a';\nexport type B = number;\nexport const b = a;\n",
    );
    const text = "import { b } from './b';\nexport default () => b + (import('./main') ? 1 : 0);\n";
    assert.deepEqual((await folder.build('main.ts', text)).warnings, []);
  });
});
