import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { cp, mkdir, readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { z } from 'zod';
import { isProcessAlive } from '../../../runtime/client/nodeFiles.ts';
import { nodeFileSchema, nodeFilesDirectory } from '../../../runtime/protocol/nodeFile.ts';
import { nexdevPath } from '../../../tools/throwawayNode.ts';
import { nodeEnd } from './nodeEnd.ts';
import { setStage, type Stage } from './stage.ts';

const pictures = resolve('.vscode-test', 'pictures');
const subject = 'demo.echo';
/** `console.log(…)` of echo.js, and the `return` after it. */
const firstLine = 7;

const replySchema = z.object({ triggered_on: z.string(), payload: z.string() });

describe('a person with the VSIX installed', function () {
  this.timeout(180_000);
  let stage: Stage;
  let step = 0;

  const picture = async (name: string) => {
    step += 1;
    await stage.workbench.screenshot(
      join(pictures, `${String(step).padStart(2, '0')}-${name}.png`),
    );
  };

  before(async () => {
    await mkdir(pictures, { recursive: true });
    stage = await setStage({
      fill: (workspace) => cp('examples', workspace, { recursive: true }),
      firstFile: 'echo.js',
      extensions: [resolve('nex-devrun-linux-x64.vsix')],
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await picture('failed');
  });
  after(async () => (stage as Stage | undefined)?.dispose());

  /** A process of its own asks, as any NATS client would. */
  const request = async (payload: string) => {
    const args = [nexdevPath, 'req', subject, payload, '--timeout', '60s'];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: stage.environment,
    });
    return replySchema.parse(JSON.parse(stdout));
  };

  it('debugs a file as a function from the Explorer', async () => {
    const { workbench } = stage;
    await workbench.openFile('echo.js');
    // Menus are there when the editor's title has ours.
    await workbench.page.getByRole('button', { name: 'Debug as Nex function' }).waitFor();
    await workbench.explorerRow('echo.js').click({ button: 'right' });
    await workbench.menuItem('Nex').hover();
    await workbench.menuItem('Debug as Nex function').waitFor();
    await picture('menu');
    await workbench.chooseMenuItem('Debug as Nex function');
    await workbench.answer('Trigger subject of echo.js', subject);
    await workbench.page.locator('.debug-toolbar').waitFor({ timeout: 60_000 });
    await workbench.clickGutter(firstLine);
    await picture('breakpoint');
  });

  it('stops on the line, sees the payload, steps, and lets the reply go', async () => {
    const { workbench } = stage;
    const payload = `hello nex ${randomInt(1e6)}`;
    const reply = request(payload);
    await workbench.waitUntilStoppedAt(firstLine);
    await workbench.expandVariable('Local');
    await workbench.variable('payload').waitFor();
    assert.match(await workbench.variable('subject').innerText(), new RegExp(subject));
    const shown = await workbench.variable('payload').innerText();
    assert.match(
      shown,
      new RegExp(`Uint8Array\\(${payload.length}\\) \\[${payload.charCodeAt(0)}, `),
    );
    const text = await workbench.evaluate('String.fromCharCode(...payload)');
    assert.equal(text.trim(), `'${payload}'`);
    await picture('stopped');
    await workbench.debug('Step Over');
    await workbench.waitUntilStoppedAt(firstLine + 1);
    await picture('stepped');
    await workbench.debug('Continue');
    assert.deepEqual(await reply, { triggered_on: subject, payload });
    await workbench.waitUntilRunning();
  });

  it('replays a stored message and stops in it', async () => {
    const { workbench } = stage;
    const temperature = randomInt(31, 40);
    await publishReading('iot.hall', { deviceId: 'd1', temperature });
    await workbench.openContainer('Nex');
    await workbench.treeRow('READINGS').click();
    await workbench.treeRow('#1 iot.hall').waitFor();
    await picture('streams');
    await workbench.chooseFromMenu(workbench.treeRow('#1 iot.hall'), 'Debug replay into function…');
    await workbench.pick('echo.js');
    await workbench.confirm('Replay');
    await workbench.waitUntilStoppedAt(firstLine);
    await workbench.expandVariable('Local');
    assert.match(await workbench.variable('subject').innerText(), /iot\.hall/);
    const stored = await workbench.evaluate('JSON.parse(String.fromCharCode(...payload))');
    assert.match(stored, new RegExp(`temperature: ${temperature}`));
    await picture('replayed');
    await workbench.debug('Continue');
    await workbench.waitUntilRunning();
    await workbench.debug('Stop');
    await workbench.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  });

  it('leaves no process when the window is closed', async () => {
    const { pid } = await readNodeFile();
    assert.equal(isProcessAlive(pid), true);
    await stage.workbench.page.close({ runBeforeUnload: true });
    await nodeEnd(pid);
  });

  /** Another program stores a message, in a stream that captures its subject. */
  const publishReading = async (on: string, reading: object) => {
    const connection = await connect({ servers: (await readNodeFile()).url });
    try {
      const manager = await jetstreamManager(connection);
      await manager.streams.add({ name: 'READINGS', subjects: ['iot.>'] });
      await jetstream(connection).publish(on, JSON.stringify(reading));
    } finally {
      await connection.close();
    }
  };

  /** The one node that this VS Code has started. */
  const readNodeFile = async () => {
    const directory = nodeFilesDirectory(stage.environment);
    const [name = ''] = await readdir(directory);
    return nodeFileSchema.parse(JSON.parse(await readFile(join(directory, name), 'utf8')));
  };
});
