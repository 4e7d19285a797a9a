import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import jszip from 'jszip';
import { packageExtension } from '../../tools/packageExtension.ts';

const execute = promisify(execFile);

describe('the VSIX', () => {
  let directory: string;
  let extension: string;
  let environment: NodeJS.ProcessEnv;

  before(async function () {
    this.timeout(120_000);
    directory = await mkdtemp(join(tmpdir(), 'nexdev-test-'));
    extension = join(directory, 'extension');
    const output = join(directory, 'packaged.vsix');
    await packageExtension({ output });
    await unpack(output, directory);
    environment = {
      PATH: '/usr/bin:/bin',
      HOME: join(directory, 'home'),
      NEXDEV_RUNTIME_DIR: join(directory, 'run'),
      NEXDEV_CACHE_DIR: join(directory, 'cache'),
    };
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const nexdev = (...args: string[]) => [join(extension, 'dist', 'nexdev.cjs'), ...args];
  const run = async (...args: string[]) =>
    (await execute(process.execPath, nexdev(...args), { env: environment, cwd: directory })).stdout;

  it('has every file that its manifest names, and no sources, maps or tests', async () => {
    const manifest = await readFile(join(extension, 'package.json'), 'utf8');
    for (const [, path] of manifest.matchAll(/"((?:\.\/)?(?:dist|media|snippets)\/[^"]+)"/g)) {
      assert.ok(existsSync(join(extension, path!)), `${path!} is missing`);
    }
    const files = await readdir(extension, { recursive: true });
    assert.deepEqual(
      files.filter(
        // What New Function writes is a template, not a source of ours.
        (file) => /\.(ts|map)$|(^|\/)test\//.test(file) && !file.startsWith('snippets/templates/'),
      ),
      ['extension/language/nex.d.ts'],
    );
  });

  it("has its plugin where VS Code's TypeScript server looks for it", () => {
    const require = createRequire(join(extension, 'node_modules', 'any.js'));
    assert.equal(typeof require('nex-devrun-typescript'), 'function');
  });

  it('runs functions with nothing but Node: the server comes with it', async () => {
    const store = join(directory, 'store');
    const node = spawn(
      process.execPath,
      nexdev('up', '--port', '0', '--store-dir', store, '--json'),
      { env: environment, cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exit = once(node, 'exit');
    try {
      const [line] = (await once(createInterface(node.stdout), 'line')) as [string];
      assert.match(line, /"event":"ready"/);
      const module = join(directory, 'double.mjs');
      await writeFile(module, 'export default (subject, payload) => payload.length * 2;');
      await run('devrun', module, '--trigger_subject=double');
      assert.equal((await run('req', 'double', 'four')).trim(), '8');
      assert.equal(existsSync(environment['NEXDEV_CACHE_DIR']!), false, 'nothing was built');
    } finally {
      node.kill('SIGINT');
    }
    assert.deepEqual(await exit, [0, null]);
  });
});

async function unpack(vsix: string, directory: string): Promise<void> {
  const zip = await jszip.loadAsync(await readFile(vsix));
  for (const entry of Object.values(zip.files)) {
    if (entry.dir) continue;
    const path = join(directory, entry.name);
    await mkdir(dirname(path), { recursive: true });
    const mode = Number(entry.unixPermissions ?? 0o644) & 0o777;
    await writeFile(path, await entry.async('nodebuffer'), { mode });
  }
}
