import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Msg } from '@nats-io/transport-node';
import { connectNats, defaultServer } from '../../../runtime/client/connectNats.ts';
import { ControlClient } from '../../../runtime/client/controlClient.ts';
import { isProcessAlive } from '../../../runtime/client/nodeFiles.ts';
import { nodeFileSchema, nodeFilesDirectory } from '../../../runtime/protocol/nodeFile.ts';
import { NexError } from '../../../runtime/protocol/nexError.ts';
import { startNatsServer } from '../../../runtime/nats-server/startNatsServer.ts';
import { nodeEnd } from './nodeEnd.ts';
import { setStage, type Stage } from './stage.ts';

describe('where somebody runs a NATS server already', function () {
  this.timeout(180_000);
  let stage: Stage | undefined;
  let server: TheirServer | undefined;

  before(async () => {
    server = await occupyPort();
  });
  beforeEach(async () => {
    stage = await setStage({
      fill: (workspace) => writeFile(join(workspace, 'one.js'), '() => 1\n'),
      firstFile: 'one.js',
      settings: { 'nex.nats': 'ask' },
      extensions: [resolve('nex-devrun-linux-x64.vsix')],
    });
  });
  afterEach(async () => {
    await stage?.dispose();
    stage = undefined;
  });
  after(() => server?.end());

  it('asks whether to join it, starts a separate one, and remembers the answer', async () => {
    await startNode('Start a Separate One');
    const file = await readNodeFile();
    assert.equal(file.ownsServer, true);
    assert.notEqual(new URL(file.url).port, '4222');
    assert.match(await readSettings(), /"nex\.nats": "separate"/);
  });

  it('joins it where told to, and leaves it as it was', async function () {
    if (server === undefined) {
      console.log('    skipped: the server on port 4222 is not one to write to');
      this.skip();
    }
    await using connection = await connectNats({ server: defaultServer, name: 'walk' });
    const callback = (_: unknown, message: Msg) => void message.respond('still here');
    connection.subscribe('theirs', { callback });
    await startNode('Join It');
    const { nodeId, pid, url, ownsServer } = await readNodeFile();
    assert.deepEqual({ url, ownsServer }, { url: defaultServer, ownsServer: false });
    assert.match(await readSettings(), /"nex\.nats": "join"/);
    const control = new ControlClient(connection);
    assert.equal((await control.ping(nodeId)).node_id, nodeId);
    await stage!.workbench.page.close({ runBeforeUnload: true });
    await nodeEnd(pid);
    assert.deepEqual(await control.pingAll(), []);
    assert.equal(isProcessAlive(server.pid), true);
    assert.equal(
      (await connection.request('theirs', '', { timeout: 20_000 })).string(),
      'still here',
    );
  });

  const startNode = async (answer: string) => {
    const { workbench } = stage!;
    await workbench.openContainer('Nex');
    await workbench.page.getByRole('button', { name: 'Start local node' }).first().click();
    await workbench.confirm(answer);
    await workbench.statusItem('Nex 127.0.0.1:').waitFor();
  };

  /** The one node that this VS Code has started. */
  const readNodeFile = async () => {
    const directory = nodeFilesDirectory(stage!.environment);
    const [name = ''] = await readdir(directory);
    return nodeFileSchema.parse(JSON.parse(await readFile(join(directory, name), 'utf8')));
  };

  const readSettings = () =>
    readFile(join(stage!.root, 'workspace', '.vscode', 'settings.json'), 'utf8');
});

interface TheirServer {
  readonly pid: number;
  end(): Promise<void>;
}

/** A NATS server on 4222, or undefined where somebody's is there already. */
async function occupyPort(): Promise<TheirServer | undefined> {
  const storeDirectory = await mkdtemp(join(tmpdir(), 'nexdev-walk-store-'));
  const clear = () => rm(storeDirectory, { recursive: true, force: true });
  try {
    const server = await startNatsServer({ port: 4222, storeDirectory });
    const end = async () => {
      await server.stop();
      await clear();
    };
    return { pid: server.pid, end };
  } catch (error) {
    await clear();
    if (!(error instanceof NexError && error.code === 'port-taken')) throw error;
    return undefined;
  }
}
