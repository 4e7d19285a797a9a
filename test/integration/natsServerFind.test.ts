import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { c as createTar } from 'tar';
import { downloadRelease } from '../../runtime/nats-server/downloadRelease.ts';
import { findNatsServer } from '../../runtime/nats-server/findNatsServer.ts';
import { pinnedVersion } from '../../runtime/nats-server/pinnedRelease.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';

describe('findNatsServer', () => {
  let directory: string;
  let releases: { url: string; files: Map<string, Buffer>; close: () => void };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nexdev-test-'));
    releases = await serveFiles();
  });
  afterEach(async () => {
    releases.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** A folder for PATH with a `nats-server` that says it is this version. */
  const folderWith = async (version: string) => {
    const folder = join(directory, version);
    await mkdir(folder);
    await writeServer(join(folder, 'nats-server'), version);
    return folder;
  };
  const find = (folders: string[], more: { serverPath?: string; env?: NodeJS.ProcessEnv } = {}) => {
    const progress: string[] = [];
    const found = findNatsServer({
      serverPath: more.serverPath,
      releasesFrom: releases.url,
      onProgress: (text) => progress.push(text),
      environment: { PATH: folders.join(delimiter), NEXDEV_CACHE_DIR: directory, ...more.env },
    });
    return { found, progress };
  };

  it('takes the one on PATH that is recent enough, and says which it passes over', async () => {
    const old = await folderWith('2.9.10');
    const recent = await folderWith('2.10.4');
    const { found, progress } = find([old, recent]);
    assert.deepEqual(await found, { path: join(recent, 'nats-server'), version: '2.10.4' });
    assert.equal(progress.length, 1);
    assert.match(progress[0]!, /2\.9\.10, older than 2\.10\.0/);
  });

  it('takes the one of the setting, and of the environment', async () => {
    const serverPath = join(await folderWith('2.12.0'), 'nats-server');
    assert.equal((await find([], { serverPath }).found).path, serverPath);
    const env = { NEXDEV_NATS_SERVER: serverPath };
    assert.equal((await find([], { env }).found).path, serverPath);
  });

  it('refuses a setting that names an old one or none, and looks no further', async () => {
    const recent = await folderWith('2.12.0');
    const serverPath = join(await folderWith('2.9.10'), 'nats-server');
    await assert.rejects(find([recent], { serverPath }).found, { code: 'nats-server-too-old' });
    await assert.rejects(find([recent], { serverPath: join(directory, 'none') }).found, {
      code: 'nats-server-unusable',
      message: /ENOENT/,
    });
  });

  it('takes the one that was built or fetched before', async () => {
    const cache = join(directory, 'nats-server', pinnedVersion);
    await mkdir(cache, { recursive: true });
    await writeServer(join(cache, 'nats-server'), pinnedVersion);
    assert.equal((await find([]).found).path, join(cache, 'nats-server'));
  });

  it('says of every way why it failed where all do', async () => {
    const old = await folderWith('2.9.10');
    await writeFile(
      join(old, 'go'),
      '#!/bin/sh\nif [ "$1" = build ]; then echo no net >&2; exit 1; fi',
    );
    await chmod(join(old, 'go'), 0o755);
    await assert.rejects(find([old]).found, (error) => {
      assert.ok(error instanceof NexError);
      assert.equal(error.code, 'nats-server-not-found');
      const lines = error.message.split('\n').slice(1);
      assert.match(lines[0]!, /PATH: .*2\.9\.10, older/);
      assert.match(lines[1]!, /Go: go build failed: no net/);
      assert.match(lines[2]!, /download: .* HTTP status 404/);
      assert.match(error.remedy ?? '', /PATH/);
      return true;
    });
    await assert.rejects(find([]).found, /Go: Go is not on PATH/);
  });

  describe('downloadRelease', () => {
    it('takes the server out of an archive with the right sum, for two at once', async () => {
      const archive = await publish('2.14.5');
      const target = join(directory, 'cache', 'nats-server');
      await Promise.all([
        downloadRelease({ target, archive, from: releases.url }),
        downloadRelease({ target, archive, from: releases.url }),
      ]);
      assert.equal((await find([], { serverPath: target }).found).version, '2.14.5');
      assert.deepEqual(await readdir(join(directory, 'cache')), ['nats-server']);
    });

    it('uses nothing whose sum differs', async () => {
      const archive = { ...(await publish('2.14.5')), sha256: '0'.repeat(64) };
      const target = join(directory, 'cache', 'nats-server');
      await assert.rejects(downloadRelease({ target, archive, from: releases.url }), /SHA-256/);
      await assert.rejects(readFile(target), { code: 'ENOENT' });
    });

    const publish = async (version: string) => {
      const folder = `nats-server-v${version}-test`;
      await mkdir(join(directory, folder));
      await writeServer(join(directory, folder, 'nats-server'), version);
      const file = `${folder}.tar.gz`;
      await createTar({ file: join(directory, file), cwd: directory, gzip: true }, [folder]);
      const bytes = await readFile(join(directory, file));
      releases.files.set(`/${file}`, bytes);
      return { file, sha256: createHash('sha256').update(bytes).digest('hex') };
    };
  });
});

async function writeServer(path: string, version: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\necho 'nats-server: v${version}'\n`);
  await chmod(path, 0o755);
}

async function serveFiles() {
  const files = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const bytes = files.get(request.url ?? '');
    if (bytes === undefined) response.writeHead(404).end();
    else response.end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, files, close: () => server.close() };
}
