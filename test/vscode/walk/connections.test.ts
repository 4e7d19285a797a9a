import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { connectNats } from '../../../runtime/client/connectNats.ts';
import { nodeFilesDirectory } from '../../../runtime/protocol/nodeFile.ts';
import { nexdevPath } from '../../../tools/throwawayNode.ts';
import { secondNodeName, startSecondNats, type SecondNats } from '../../support/secondNats.ts';
import { startTlsServer } from '../../support/tlsServer.ts';
import { setStage, type Stage } from './stage.ts';

const pictures = resolve('.vscode-test', 'pictures');
const password = 'secret';
/** Of `echo.js`: its first statement. */
const breakpointLine = 7;

describe('a person with a NATS of others', function () {
  this.timeout(180_000);
  let stage: Stage;
  let second: SecondNats | undefined;

  const picture = (name: string) =>
    stage.workbench.screenshot(join(pictures, `connections-${name}.png`));

  before(async () => {
    await mkdir(pictures, { recursive: true });
    stage = await setStage({
      fill: (workspace) => cp('examples', workspace, { recursive: true }),
      firstFile: 'echo.js',
      extensions: [resolve('nex-devrun-linux-x64.vsix')],
    });
    second = await startSecondNats({ nexdev: nexdevPath, environment: stage.environment });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await picture('failed');
  });
  after(async () => {
    await second?.stop();
    await (stage as Stage | undefined)?.dispose();
  });

  /** A process of its own asks, as any NATS client would. */
  const request = async (subject: string, payload: string) => {
    const login = ['--server', second!.url, '--user', 'alice', '--password', password];
    const args = [nexdevPath, 'req', subject, payload, '--timeout', '60s', ...login];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: stage.environment,
    });
    return stdout.trim();
  };

  it('adds a connection with user and password, and sees the node there', async () => {
    const { workbench } = stage;
    await workbench.openContainer('Nex');
    await workbench.page.getByRole('button', { name: 'Add connection…' }).first().click();
    await workbench.answer('URL of the NATS server', second!.url);
    await workbench.pick('User and password');
    await workbench.answer('User (Press', 'alice');
    await workbench.answer('Password (Press', password);
    await workbench.pick('Continue');
    await workbench.answer('Name of the connection', 'staging');
    await workbench.page
      .getByText(/staging answers: nats-server .* with JetStream/)
      .first()
      .waitFor();
    await workbench.treeRow('staging').waitFor();
    await workbench.treeRow(secondNodeName).waitFor();
    await picture('added');
  });

  it('adds one with a client certificate and a JetStream domain', async () => {
    const { url, details } = await startTlsServer('factory');
    const { workbench } = stage;
    await workbench.page.keyboard.press('F1');
    await workbench.page.locator('.quick-input-widget input.input').fill('>Nex: Add Connection');
    await workbench.pick('Nex: Add Connection…');
    await workbench.answer('URL of the NATS server', url);
    await workbench.pick('No login');
    await workbench.pick('CA certificate');
    await workbench.chooseFile('Add Connection: CA certificate', details.tlsca);
    await workbench.pick('Client certificate');
    await workbench.chooseFile('Add Connection: Client certificate', details.tlscert);
    await workbench.chooseFile('Add Connection: Key of the client certificate', details.tlskey);
    await workbench.pick('JetStream domain');
    await workbench.answer('JetStream domain (Press', 'factory');
    await picture('details');
    await workbench.pick('Continue');
    await workbench.answer('Name of the connection', 'plant');
    await workbench.page
      .getByText(/plant answers: nats-server .* with JetStream of domain factory/)
      .first()
      .waitFor();
    await workbench.treeRow('No Nex node answers.').waitFor();
    await picture('certificate');
    await workbench.chooseFromMenu(workbench.treeRow('plant'), 'Disconnect');
  });

  it('deploys a file to that node, where it answers, and starts no process here', async () => {
    const { workbench } = stage;
    await workbench.openContainer('Explorer');
    await workbench.openFile('echo.js');
    await workbench.chooseFromMenu(workbench.explorerRow('echo.js'), 'Nex', 'Deploy to node…');
    await workbench.page.locator('.quick-input-list').getByText(secondNodeName).waitFor();
    await picture('nodes');
    await workbench.pick(secondNodeName);
    await workbench.answer('Trigger subject of echo.js', 'far.echo');
    await workbench.answer('Namespace of the workload', 'default');
    await workbench.page
      .getByText(/far-away \(staging\) runs echo\.js on far\.echo/)
      .first()
      .waitFor();
    assert.match(await request('far.echo', 'hello nex!'), /"payload":"hello nex!"/);
    await workbench.openContainer('Nex');
    await workbench.treeRow('echo.js').getByText('1 call').waitFor();
    if (stage.showsLogChannels) {
      await workbench.chooseFromMenu(workbench.treeRow('echo.js'), 'Show logs');
      await workbench.outputLine(/staging:\sechojs:\striggered\son\sfar\.echo/).waitFor();
    }
    await picture('deployed');
    assert.deepEqual(await readdir(nodeFilesDirectory(stage.environment)), []);
  });

  it('looks into a context of the nats CLI, which connects it', async () => {
    const { workbench, environment } = stage;
    const directory = join(environment['XDG_CONFIG_HOME'] ?? '', 'nats', 'context');
    await mkdir(directory, { recursive: true });
    const context = { url: second!.url, user: 'alice', password };
    await writeFile(join(directory, 'production.json'), JSON.stringify(context));
    await workbench.treeRow('staging').hover();
    await workbench.page.getByRole('button', { name: 'Refresh' }).first().click();
    await workbench.treeRow('production').click();
    await workbench.treeRow('echo.js').nth(1).waitFor();
    await picture('context');
    await workbench.chooseFromMenu(workbench.treeRow('production'), 'Disconnect');
    await workbench.treeRow('echo.js').nth(1).waitFor({ state: 'detached' });
  });

  it('debugs a copy of what runs there, while the original answers', async () => {
    const { workbench } = stage;
    await workbench.chooseFromMenu(workbench.treeRow('echo.js'), 'Debug a copy');
    await workbench.page.locator('.debug-toolbar').waitFor({ timeout: 60_000 });
    await workbench.openContainer('Explorer');
    await workbench.openFile('echo.js');
    await workbench.clickGutter(breakpointLine);
    const payload = `for the original ${randomInt(1e6)}`;
    assert.match(await request('far.echo', payload), new RegExp(`"payload":"${payload}"`));
    await workbench.waitUntilStoppedAt(breakpointLine);
    const text = await workbench.evaluate('String.fromCharCode(...payload)');
    assert.equal(text.trim(), `'${payload}'`);
    await picture('copy');
    // It stands here, and goes on answering there.
    assert.match(await request('far.echo', 'again'), /"payload":"again"/);
    await workbench.debug('Stop');
    await workbench.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    await workbench.openContainer('Nex');
  });

  it('stops it there again, while it is called all the time', async () => {
    const { workbench } = stage;
    const login = { server: second!.url, user: 'alice', password };
    await using connection = await connectNats({ ...login, name: 'walk' });
    const calls = setInterval(() => connection.publish('far.echo'), 20);
    try {
      const row = workbench.treeRow('echo.js');
      await row.getByText(/\d\d calls/).waitFor();
      await workbench.chooseFromMenu(row, 'Stop workload');
      await row.waitFor({ state: 'detached' });
    } finally {
      clearInterval(calls);
    }
  });

  /** The row was there before the node was. */
  it('runs it here too, below the local node', async () => {
    const { workbench } = stage;
    await workbench.openContainer('Explorer');
    await workbench.chooseFromMenu(workbench.explorerRow('echo.js'), 'Nex', 'Run as Nex function');
    await workbench.openContainer('Nex');
    await workbench.treeRow('echo.js').waitFor();
    await picture('both');
  });
});
