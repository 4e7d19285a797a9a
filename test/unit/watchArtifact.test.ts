import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { watch as observe } from 'node:fs/promises';
import type { Artifact } from '../../runtime/artifact/artifact.ts';
import { buildArtifact } from '../../runtime/artifact/buildArtifact.ts';
import { watchArtifact, type Rebuild } from '../../runtime/artifact/watchArtifact.ts';
import type { NexError } from '../../runtime/protocol/nexError.ts';
import { SourceFolder, evaluate } from '../support/sourceFolder.ts';

describe('a watched program', () => {
  const folder = new SourceFolder();
  let abort: AbortController;
  beforeEach(() => (abort = new AbortController()));
  afterEach(() => abort.abort());

  const watch = (file: string, built?: Artifact) => watchArtifact(file, abort.signal, built);

  const next = async (rebuilds: ReturnType<typeof watchArtifact>): Promise<Rebuild> => {
    const result = await rebuilds.next();
    assert.ok(result.done !== true);
    return result.value;
  };
  const value = ({ artifact }: Rebuild) => artifact && evaluate(artifact)();
  const code = ({ error }: Rebuild) => (error as NexError | undefined)?.code;

  it('is rebuilt on a save of a file that it imports, in a package too', async () => {
    const helper = folder.write('lib/helper.ts', 'export const n: number = 1;\n');
    const packaged = folder.write('node_modules/ten/index.js', 'module.exports = 10;\n');
    const text =
      "import { n } from './lib/helper';\nimport ten from 'ten';\nexport default () => n + ten;\n";
    const file = folder.write('main.ts', text);
    const rebuilds = watch(file, await buildArtifact(file));
    const first = next(rebuilds);
    writeFileSync(helper, 'export const n: number = 2;\n');
    assert.equal(value(await first), 12);
    writeFileSync(packaged, 'module.exports = 20;\n');
    assert.equal(value(await next(rebuilds)), 22);
  });

  it('survives saves by rename, and tells of a failure once and of its repair', async () => {
    const file = folder.write('echo.js', '() => 1');
    const rebuilds = watch(file, await buildArtifact(file));
    const save = (text: string) => renameSync(folder.write('echo.js.tmp', text), file);
    const first = next(rebuilds);
    save('() => 2');
    assert.equal(value(await first), 2);
    save('() => {');
    assert.equal(code(await next(rebuilds)), 'syntax-error');
    const afterwards = next(rebuilds);
    save('() => {');
    // By then the other one has seen it too.
    assert.equal(code(await next(watch(file))), 'syntax-error');
    save('() => 2');
    assert.equal(value(await afterwards), 2);
  });

  const missing: [what: string, specifier: string, appears: string][] = [
    ['a file', './later', 'later.ts'],
    ['a file in a folder', './lib/later', 'lib/later.ts'],
    ['a package', 'later', 'node_modules/later/index.js'],
  ];
  for (const [what, specifier, appears] of missing) {
    it(`is rebuilt when ${what} that it misses appears`, async () => {
      folder.write('package.json', '{}');
      const file = folder.write('main.ts', '(): number => 1');
      const rebuilds = watch(file, await buildArtifact(file));
      const first = next(rebuilds);
      writeFileSync(file, `import n from '${specifier}';\nexport default () => n;\n`);
      assert.equal(code(await first), 'import-not-found');
      const second = next(rebuilds);
      folder.write(appears, appears.endsWith('ts') ? 'export default 2;' : 'module.exports = 2;');
      assert.equal(value(await second), 2);
    });
  }

  it('may be gone for a while', async () => {
    const file = folder.write('echo.js', '() => 1');
    const rebuilds = watch(file, await buildArtifact(file));
    const first = next(rebuilds);
    rmSync(file);
    assert.equal(code(await first), 'file-not-found');
    writeFileSync(file, '() => 2');
    assert.equal(value(await next(rebuilds)), 2);
  });

  it('is built once it is whole, where it is written in steps', async () => {
    const file = folder.write('empty.wasm', Buffer.from('0061736d01000000', 'hex'));
    const rebuilds = watch(file, await buildArtifact(file));
    const first = next(rebuilds);
    const custom = Buffer.from('0061736d01000000000201610003016200', 'hex');
    const seen = observe(folder.path, { signal: abort.signal });
    for (let end = 0; end <= custom.length; end += 4) {
      writeFileSync(file, custom.subarray(0, end));
      await seen.next();
    }
    writeFileSync(file, custom);
    assert.deepEqual(Buffer.from((await first).artifact?.bytes ?? []), custom);
  });

  it('ends when it is aborted', async () => {
    const file = folder.write('echo.js', '() => 1');
    const end = watch(file, await buildArtifact(file)).next();
    abort.abort();
    assert.equal((await end).done, true);
  });
});
