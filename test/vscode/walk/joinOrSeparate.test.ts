import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { nodeFileSchema, nodeFilesDirectory } from '../../../runtime/protocol/nodeFile.ts';
import { NexError } from '../../../runtime/protocol/nexError.ts';
import { startNatsServer } from '../../../runtime/nats-server/startNatsServer.ts';
import { setStage, type Stage } from './stage.ts';

describe('where somebody runs a NATS server already', function () {
  this.timeout(180_000);
  let stage: Stage | undefined;
  let endServer: (() => Promise<void>) | undefined;

  before(async () => {
    endServer = await occupyPort();
    stage = await setStage({
      fill: (workspace) => writeFile(join(workspace, 'one.js'), '() => 1\n'),
      firstFile: 'one.js',
      settings: { 'nex.nats': 'ask' },
      extensions: [resolve('nex-devrun-linux-x64.vsix')],
    });
  });
  after(async () => {
    await stage?.dispose();
    await endServer?.();
  });

  it('asks whether to join it, starts a separate one, and remembers the answer', async () => {
    const { workbench, root, environment } = stage!;
    await workbench.openContainer('Nex');
    await workbench.page.getByRole('button', { name: 'Start local node' }).first().click();
    await workbench.confirm('Start a Separate One');
    await workbench.statusItem('Nex 127.0.0.1:').waitFor();
    const directory = nodeFilesDirectory(environment);
    const [name = ''] = await readdir(directory);
    const file = nodeFileSchema.parse(JSON.parse(await readFile(join(directory, name), 'utf8')));
    assert.equal(file.ownsServer, true);
    assert.notEqual(new URL(file.url).port, '4222');
    const settings = await readFile(join(root, 'workspace', '.vscode', 'settings.json'), 'utf8');
    assert.match(settings, /"nex\.nats": "separate"/);
  });
});

/** A NATS server on 4222: ours for the test, or the one that is there. */
async function occupyPort(): Promise<() => Promise<void>> {
  const storeDirectory = await mkdtemp(join(tmpdir(), 'nexdev-walk-store-'));
  const clear = () => rm(storeDirectory, { recursive: true, force: true });
  try {
    const server = await startNatsServer({ port: 4222, storeDirectory });
    return async () => {
      await server.stop();
      await clear();
    };
  } catch (error) {
    await clear();
    if (!(error instanceof NexError)) throw error;
    return () => Promise.resolve();
  }
}
