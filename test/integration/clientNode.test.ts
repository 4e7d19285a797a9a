import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { connectNats, locateNats } from '../../runtime/client/connectNats.ts';
import { DevClient } from '../../runtime/client/devClient.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import { holdLease } from '../../runtime/client/lease.ts';
import { listNodeFiles, isProcessAlive } from '../../runtime/client/nodeFiles.ts';
import { startLocalNode } from '../../runtime/client/startLocalNode.ts';
import { isolatedEnvironment, nexdevPath } from '../support/devNode.ts';

describe('a node started for somebody', () => {
  const saved = { ...process.env };
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'nexdev-client-'));
    Object.assign(process.env, isolatedEnvironment(directory));
    Reflect.deleteProperty(process.env, 'NATS_URL');
  });
  after(() => {
    for (const name of Object.keys(process.env)) {
      if (!(name in saved)) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, saved);
    rmSync(directory, { recursive: true, force: true });
  });

  const start = (nexdev = nexdevPath) =>
    startLocalNode({
      runtime: { path: process.execPath, args: [] },
      nexdev,
      port: 0,
      storeDirectory: join(directory, 'store'),
    });

  it('is one for two windows, is found, and ends after the last who held it', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    assert.equal(first.nodeId, second.nodeId);
    assert.deepEqual([first.started, second.started].sort(), [false, true]);
    const [address] = await locateNats();
    assert.deepEqual([address?.server, address?.nodeId], [first.url, first.nodeId]);

    const [file] = await listNodeFiles();
    const connection = await connectNats({ name: 'test' });
    const keys = await readKeys();
    const leases = await Promise.all(
      ['one', 'two'].map((holder) => holdLease(connection, keys, first.nodeId, holder)),
    );
    const { holders } = await new DevClient(connection, keys.issuer, first.nodeId).health();
    assert.deepEqual([...holders].sort(), ['one', 'two']);
    await Promise.all(leases.map((lease) => lease.release()));
    await connection.close();

    const deadline = Date.now() + 20_000;
    while (isProcessAlive(file!.pid) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal(isProcessAlive(file!.pid), false);
    assert.deepEqual(await listNodeFiles(), []);
  });

  it('that fails tells why, with the code it failed with', async () => {
    const store = join(directory, 'file-in-the-way');
    writeFileSync(store, '');
    const failing = startLocalNode({
      runtime: { path: process.execPath, args: [] },
      nexdev: nexdevPath,
      port: 0,
      storeDirectory: store,
    });
    await assert.rejects(failing, (error: Error & { code?: string; remedy?: string }) => {
      assert.match(error.code ?? '', /^store-/);
      assert.match(error.message, /file-in-the-way/);
      assert.ok(error.remedy);
      return true;
    });
  });

  it('that cannot be run at all tells that, too', async () => {
    await assert.rejects(start(join(directory, 'nothing.cjs')), { code: 'node-start-failed' });
  });

  it('makes keys once, for several processes at once, readable by nobody else', async () => {
    const home = join(directory, 'keys');
    const all = await Promise.all(Array.from({ length: 5 }, () => readKeys(home)));
    const issuers = new Set(all.map(({ issuer }) => issuer.publicKey));
    assert.equal(issuers.size, 1);
    assert.equal(all.filter(({ issuerFile }) => issuerFile.created).length, 1);
    const { path } = all[0]!.publisherFile;
    assert.match(readFileSync(path, 'utf8'), /^SX[A-Z2-7]{56}$/);
    if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
    writeFileSync(path, 'SAnonsense');
    await assert.rejects(readKeys(home), { code: 'key-unreadable' });
  });
});
