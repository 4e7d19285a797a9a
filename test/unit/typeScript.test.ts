import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { TraceMap, eachMapping } from '@jridgewell/trace-mapping';
import { buildArtifact } from '../../runtime/artifact/buildArtifact.ts';
import { SourceFolder, evaluate, writtenAt } from '../support/sourceFolder.ts';

describe('a TypeScript function', () => {
  const folder = new SourceFolder();

  const scripts: [name: string, text: string][] = [
    ['without import or export', '(subject: string): string => subject + "!";\n'],
    [
      'that imports only types',
      "import type { A } from './a';\nimport { B } from './b';\n" +
        'const add = (s: A & B): string => s + "!";\n(subject: A & B) => add(subject)\n',
    ],
    [
      'that exports only types',
      'export interface A { n: number }\nexport type B = string;\n(subject: B): B => subject + "!"\n',
    ],
    [
      'with an enum and a satisfies',
      'enum Mark { Loud = "!" }\n((subject: string) => subject + Mark.Loud) satisfies Function;\n',
    ],
  ];
  for (const [what, text] of scripts) {
    it(`${what} is a classic script without types`, async () => {
      const artifact = await folder.build('echo.ts', text);
      assert.equal(evaluate(artifact)('hi'), 'hi!');
      assert.equal(artifact.name, 'echots');
      const file = artifact.record.program;
      assert.equal(artifact.record.scriptUrl, `${pathToFileURL(file).href}.bundle.js`);
      assert.deepEqual(artifact.record.sources, [{ url: pathToFileURL(file).href, content: text }]);
      assert.deepEqual(artifact.inputs, [file]);
    });
  }

  it('leads each statement of a script back to where it was written', async () => {
    const artifact = await folder.build(
      'sum.ts',
      'interface P { n: number }\n\n(subject: string, payload: Uint8Array) => {\n' +
        '  const one: number = payload.length;\n  return { n: one } as P;\n}\n',
    );
    assert.equal(writtenAt(artifact, 'const one'), 'sum.ts:4:3');
    assert.equal(writtenAt(artifact, 'payload.length'), 'sum.ts:4:23');
    assert.equal(writtenAt(artifact, 'return'), 'sum.ts:5:3');
  });

  it('is bundled with its helpers and packages, by the paths of its tsconfig.json', async () => {
    folder.write('tsconfig.json', '{"compilerOptions":{"paths":{"@lib/*":["./lib/*"]}}}');
    folder.write(
      'lib/add.ts',
      "import data from './data.json';\nexport const add = (n: number) => n + data.n;\n",
    );
    folder.write('lib/data.json', '{"n": 10}');
    folder.write('node_modules/one/package.json', '{"name":"one","main":"index.js"}');
    const packaged = folder.write('node_modules/one/index.js', 'exports.one = 1;\n');
    const file = folder.write(
      'main.mts',
      "import { add } from '@lib/add';\nimport { one } from 'one';\n" +
        'export default (subject: string): number => add(one) + (this as any).offset;\n',
    );
    const artifact = await buildArtifact(file);
    assert.equal(evaluate(artifact, { offset: 100 })('s'), 111);
    const source = artifact.record.sources.find(({ url }) => url === pathToFileURL(packaged).href);
    assert.equal(source?.content, 'exports.one = 1;\n');
    assert.equal(writtenAt(artifact, 'add(import_one.one)'), 'main.mts:3:45');
  });

  it('keeps its names; where two files collide the map has the original', async () => {
    folder.write('other.ts', 'export const limit = 1;\nexport default () => limit;\n');
    const artifact = await folder.build(
      'main.ts',
      "import other from './other';\nconst limit = 2;\nexport default () => other() + limit;\n",
    );
    const names = new Set<string>();
    eachMapping(new TraceMap(artifact.record.map ?? ''), ({ name }) => name && names.add(name));
    assert.equal(evaluate(artifact)(), 3);
    assert.deepEqual([...names].sort(), ['limit']);
  });
});

describe('a CommonJS function', () => {
  const folder = new SourceFolder();

  const rows: [name: string, text: string][] = [
    ['script.cjs', '(s) => s + 1'],
    ['assigned.cjs', 'module.exports = (s) => s + 1'],
    ['required.cjs', "const one = require('./one.js');\nmodule.exports = (s) => s + one;"],
    ['exported.cts', "import one = require('./one.js');\nexport = (s: number) => s + one;"],
  ];
  for (const [name, text] of rows) {
    it(`runs as ${name}`, async () => {
      folder.write('one.js', 'module.exports = 1;\n');
      assert.equal(evaluate(await folder.build(name, text))(1), 2);
    });
  }
});

describe('an npm package in a bundle', () => {
  const folder = new SourceFolder();

  it('is what it has for places without Node', async () => {
    folder.write(
      'node_modules/id/package.json',
      '{"name":"id","type":"module","exports":{"browser":"./browser.js","default":"./node.js"}}',
    );
    folder.write('node_modules/id/browser.js', 'export const id = () => 7;\n');
    folder.write('node_modules/id/node.js', "export { randomInt as id } from 'node:crypto';\n");
    const artifact = await folder.build(
      'id.ts',
      "import { id } from 'id';\nexport default () => id();\n",
    );
    assert.equal(evaluate(artifact)(), 7);
  });

  it('is debugged in its installed file, whatever that was compiled from', async () => {
    folder.write('node_modules/made/package.json', '{"name":"made","main":"lib.js"}');
    const text = 'exports.twice = (n) => {\n  return 2 * n;\n};\n';
    folder.write('node_modules/made/lib.js', `${text}//# sourceMappingURL=lib.js.map\n`);
    folder.write(
      'node_modules/made/lib.js.map',
      '{"version":3,"sources":["../src/lib.ts"],"mappings":"AAAA;AACA;AACA","names":[]}',
    );
    const artifact = await folder.build(
      'm.ts',
      "import { twice } from 'made';\nexport default (n: number) => twice(n);\n",
    );
    assert.equal(evaluate(artifact)(2), 4);
    assert.equal(writtenAt(artifact, 'return 2'), 'lib.js:2:3');
  });
});
