import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { isProcessAlive } from '../../runtime/client/nodeFiles.ts';
import { nodeFileSchema, nodeFilesDirectory } from '../../runtime/protocol/nodeFile.ts';
import { readdir, readFile } from 'node:fs/promises';
import { DapClient, endClients, writeProgram } from '../support/dapClient.ts';
import { isolatedEnvironment } from '../support/devNode.ts';

const program = `(subject, payload) => {
  return String.fromCharCode(...payload) + '!';
};
`;

describe('a launch where no node runs', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nexdev-own-node-'));
  });
  afterEach(endClients);
  after(() => rm(directory, { recursive: true, force: true }));

  const readNode = async (environment: NodeJS.ProcessEnv) => {
    const files = nodeFilesDirectory(environment);
    const [name] = await readdir(files);
    return nodeFileSchema.parse(JSON.parse(await readFile(join(files, name ?? ''), 'utf8')));
  };

  it('starts one, which ends by itself when the session has', async () => {
    const environment = isolatedEnvironment(directory);
    const { program: path } = await writeProgram({ 'own.js': program });
    const client = await DapClient.start({ environment });
    const storeDirectory = join(directory, 'store');
    await client.debug({ program: path, subject: 'own', storeDirectory }, [2]);
    const { url, pid, startedBy } = await readNode(environment);
    assert.equal(startedBy, 'lease');
    const nats = await connect({ servers: url });
    const reply = nats.request('own', 'hi', { timeout: 20_000 });
    const stop = await client.stopped();
    await client.continue(stop.threadId);
    assert.equal((await reply).json(), 'hi!');
    await nats.close();
    await client.disconnectRequest();
    const deadline = Date.now() + 25_000;
    while (isProcessAlive(pid) && Date.now() < deadline) await wait(100);
    assert.equal(isProcessAlive(pid), false);
  }).timeout(60_000);
});
