import assert from 'node:assert/strict';
import { spawn, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { c as createTar } from 'tar';
import { nexdevPath } from '../support/devNode.ts';
import { findRuntimeNode } from '../../runtime/client/runtimeNode.ts';
import { fetchRuntimeNode } from '../../runtime/client/runtimeNodeFetch.ts';
import { waitForEnd } from '../../runtime/nats-server/endProcess.ts';
import { identifyProcess } from '../../runtime/nats-server/processIdentity.ts';

const execute = promisify(execFile);
const electron = {
  path: '/app/code',
  versions: { node: '24.1.0', modules: '140', electron: '39.0.0' },
};

describe('findRuntimeNode', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nexdev-test-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** A folder for PATH with a `node` that says it has this ABI. */
  const folderWith = async (name: string, modules: string) => {
    const folder = join(directory, name);
    await mkdir(folder);
    const versions = JSON.stringify({ node: `of ABI ${modules}`, modules });
    await writeFile(join(folder, 'node'), `#!/bin/sh\necho '${versions}'\n`);
    await chmod(join(folder, 'node'), 0o755);
    return folder;
  };
  const environment = (...folders: string[]) => ({
    PATH: folders.join(delimiter),
    NEXDEV_CACHE_DIR: join(directory, 'cache'),
  });

  it('takes the Node of the setting, with what isolated-vm needs', async () => {
    assert.deepEqual(await findRuntimeNode({ nodePath: process.execPath, host: electron }), {
      path: process.execPath,
      args: ['--no-node-snapshot'],
    });
  });

  it('refuses a setting that names an unfitting Node, and says what it is', async () => {
    const nodePath = join(await folderWith('old', '115'), 'node');
    await assert.rejects(findRuntimeNode({ nodePath }), { code: 'node-unfit', message: /ABI 115/ });
    await assert.rejects(findRuntimeNode({ nodePath: join(directory, 'none') }), {
      code: 'node-unfit',
      message: /ENOENT/,
    });
  });

  it("takes the host's own program where that is a fitting Node", async () => {
    assert.equal((await findRuntimeNode({ environment: environment() })).path, process.execPath);
  });

  it('passes over an old Node on PATH and takes the next', async () => {
    const old = await folderWith('old', '115');
    const recent = await folderWith('recent', '147');
    const found = await findRuntimeNode({ host: electron, environment: environment(old, recent) });
    assert.equal(found.path, join(recent, 'node'));
  });

  it('says why each Node on PATH was passed over where none may be fetched', async () => {
    const old = await folderWith('old', '115');
    const asked: string[] = [];
    const confirm = (release: { package: string }) => {
      asked.push(release.package);
      return Promise.resolve(false);
    };
    await assert.rejects(
      findRuntimeNode({ host: electron, environment: environment(old), confirm }),
      { code: 'node-missing', message: /old\/node: it is Node of ABI 115/ },
    );
    assert.equal(asked.length, 1);
  });

  describe('with a registry', () => {
    let tarball: Buffer;
    let registry: { url: string; close: () => void };
    let configured: string | undefined;

    beforeEach(async () => {
      tarball = await packNode(directory);
      registry = await serveRegistry(tarball);
      configured = process.env['npm_config_registry'];
      process.env['npm_config_registry'] = registry.url;
    });
    afterEach(() => {
      registry.close();
      if (configured === undefined) delete process.env['npm_config_registry'];
      else process.env['npm_config_registry'] = configured;
    });

    const release = (integrity: string) => ({
      package: 'node-test',
      version: '24.0.0',
      integrity,
      megabytes: 1,
    });

    it('fetches the program from it, ready to run', async () => {
      const target = join(directory, 'cache', 'node');
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
      const progress: string[] = [];
      const onProgress = (text: string) => progress.push(text);
      await Promise.all([
        fetchRuntimeNode({ release: release(integrity), target, onProgress }),
        fetchRuntimeNode({ release: release(integrity), target, onProgress }),
      ]);
      const found = await findRuntimeNode({ nodePath: target, host: electron });
      assert.equal(found.path, target);
      assert.deepEqual(await readdir(join(directory, 'cache')), ['node']);
      assert.match(progress[0] ?? '', /Fetching Node 24\.0\.0/);
    });

    it('uses nothing whose integrity differs', async () => {
      const target = join(directory, 'cache', 'node');
      await assert.rejects(fetchRuntimeNode({ release: release('sha512-other'), target }), {
        code: 'node-fetch-failed',
        message: /integrity/,
      });
      await assert.rejects(readFile(target), { code: 'ENOENT' });
    });

    it('says so where the registry does not have it', async () => {
      const target = join(directory, 'cache', 'node');
      const unknown = { ...release('sha512-x'), package: 'unknown' };
      await assert.rejects(fetchRuntimeNode({ release: unknown, target }), {
        code: 'node-fetch-failed',
        message: /HTTP status 404/,
      });
    });
  });
});

describe('ensureFittingNode', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nexdev-test-'));
    // A real Node that is told to take itself for an older one; what it starts is not told.
    await writeFile(
      join(directory, 'older.cjs'),
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, modules: '115' } });`,
    );
    await symlink(process.execPath, join(directory, 'node'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const older = (...args: string[]) => [
    '--require',
    join(directory, 'older.cjs'),
    'test/support/runAgain.ts',
    ...args,
  ];

  it('runs the same command on a Node that fits, with its output and exit code', async () => {
    const env = { ...process.env, PATH: directory };
    const failure = await execute(process.execPath, older('exit', '7'), { env }).catch(
      (error: unknown) => error as { code: number; stdout: string },
    );
    assert.deepEqual(JSON.parse(failure.stdout), { abi: process.versions.modules, snapshot: true });
    assert.equal('code' in failure ? failure.code : 0, 7);
  });

  it('takes the Node of the clone that nexdev was built in where PATH has none that fits', async () => {
    const env = { ...process.env, PATH: '/nowhere', NEXDEV_CACHE_DIR: directory };
    const args = ['--require', join(directory, 'older.cjs'), nexdevPath, '--version'];
    const { stdout } = await execute(process.execPath, args, { env });
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('says which to install where there is none', async () => {
    const env = { ...process.env, PATH: '/nowhere', NEXDEV_CACHE_DIR: directory };
    await assert.rejects(execute(process.execPath, older('exit', '0'), { env }), /node-missing/);
  });

  it('leaves nothing behind when the process that was started first is killed', async () => {
    const child = spawn(process.execPath, older('wait'), {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PATH: directory },
    });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const second = await identifyProcess(Number(line));
    assert.ok(second !== undefined && second.pid !== child.pid);
    child.kill('SIGKILL');
    assert.ok(await waitForEnd(second, 5000));
  });
});

/** An npm package whose `bin/node` is the Node of this test. */
async function packNode(directory: string): Promise<Buffer> {
  const bin = join(directory, 'package', 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'node'), `#!/bin/sh\nexec ${process.execPath} "$@"\n`);
  const file = join(directory, 'package.tgz');
  await createTar({ file, cwd: directory, gzip: true }, ['package']);
  return readFile(file);
}

async function serveRegistry(tarball: Buffer) {
  const server = createServer((request, response) => {
    if (request.url === '/node-test/24.0.0') {
      response.end(JSON.stringify({ dist: { tarball: `${url}files/node-test.tgz` } }));
    } else if (request.url === '/files/node-test.tgz') {
      response.end(tarball);
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, close: () => server.close() };
}
