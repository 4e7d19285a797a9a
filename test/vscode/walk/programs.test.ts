import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fillIn, templates } from '../../../extension/newFunction/templates.ts';
import { writeTemplate } from '../../../extension/newFunction/writeTemplate.ts';
import { nexdevPath } from '../../../tools/throwawayNode.ts';
import { setStage, type Stage } from './stage.ts';

const execute = promisify(execFile);
const pictures = resolve('.vscode-test', 'pictures');

/** A function in TypeScript with a helper and an npm package. */
const sources: Readonly<Record<string, string>> = {
  'orders.ts': `import { total } from './total';
import { format } from 'money';

const currency = 'CHF';

const handle: NexFunction = (subject, payload) => {
  const amounts = JSON.parse(String.fromCharCode(...payload)) as number[];
  const sum = total(amounts);
  console.log('the sum is', sum);
  return { subject, sum: format(sum, currency) };
};

export default handle;
`,
  'total.ts': `export function total(amounts: number[]): number {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return sum;
}
`,
  'node_modules/money/package.json':
    '{ "name": "money", "version": "1.0.0", "main": "index.js" }\n',
  'node_modules/money/index.d.ts':
    'export function format(amount: number, currency: string): string;\n',
  'node_modules/money/index.js':
    'exports.format = (amount, currency) => `${currency} ${amount.toFixed(2)}`;\n',
};
/** Of `return sum;` in the helper, and of what follows the call in the function. */
const helperLine = 4;
const lineAfterCall = 9;

describe('a person with programs of all kinds', function () {
  this.timeout(240_000);
  let stage: Stage;

  const picture = (name: string) =>
    stage.workbench.screenshot(join(pictures, `programs-${name}.png`));

  before(async () => {
    await mkdir(pictures, { recursive: true });
    stage = await setStage({
      fill: async (workspace) => {
        for (const [name, text] of Object.entries(sources)) {
          await mkdir(dirname(join(workspace, name)), { recursive: true });
          await writeFile(join(workspace, name), text);
        }
        await buildTemplate('go-wasm', 'shout', workspace);
        await buildTemplate('go-service', 'echo', workspace);
      },
      firstFile: 'orders.ts',
      extensions: [resolve('nex-devrun-linux-x64.vsix')],
    });
  });
  afterEach(async function () {
    const { title = '', state } = this.currentTest ?? {};
    if (state === 'failed') await picture(`failed: ${title}`);
  });
  after(async () => (stage as Stage | undefined)?.dispose());

  /** A process of its own asks, as any NATS client would. */
  const request = async (subject: string, payload: string) => {
    const args = [nexdevPath, 'req', subject, payload, '--timeout', '60s'];
    return (await execute(process.execPath, args, { env: stage.environment })).stdout.trim();
  };

  it('stops in the helper of a TypeScript function, and steps out into the function', async () => {
    const { workbench } = stage;
    await workbench.openFile('orders.ts');
    await workbench.page.getByRole('button', { name: 'Debug as Nex function' }).waitFor();
    await workbench.chooseFromMenu(
      workbench.explorerRow('orders.ts'),
      'Nex',
      'Debug as Nex function',
    );
    await workbench.answer('Trigger subject of orders.ts', 'orders');
    await workbench.page.locator('.debug-toolbar').waitFor({ timeout: 60_000 });
    await workbench.openFile('total.ts');
    await workbench.clickGutter(helperLine);
    const reply = request('orders', '[1,2,3.5]');
    await workbench.waitUntilStoppedAt(helperLine);
    await workbench.expandVariable('Local');
    await workbench.variable('amounts').waitFor();
    assert.match(await workbench.variable('sum').innerText(), /6\.5/);
    await picture('helper');
    await workbench.debug('Step Out');
    await workbench.waitUntilStoppedAt(lineAfterCall);
    await workbench.tab('orders.ts').and(workbench.page.locator('.active')).waitFor();
    await workbench.variable('payload').waitFor();
    assert.match(await workbench.evaluate('currency'), /CHF/);
    await picture('function');
    await workbench.debug('Continue');
    assert.deepEqual(JSON.parse(await reply), { subject: 'orders', sum: 'CHF 6.50' });
    await workbench.waitUntilRunning();
    await workbench.debug('Stop');
    await workbench.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  });

  it('runs a WebAssembly module by right-click', async () => {
    const { workbench } = stage;
    await workbench.openContainer('Explorer');
    await workbench.chooseFromMenu(
      workbench.explorerRow('shout.wasm'),
      'Nex',
      'Run as Nex function',
    );
    await workbench.answer('Trigger subject of shout.wasm', 'shout');
    await workbench.openContainer('Nex');
    await workbench.treeRow('shout.wasm').waitFor();
    assert.equal(await request('shout', 'hello nex!'), 'hello nex!');
    await picture('wasm');
  });

  it('runs a Go service by right-click', async () => {
    const { workbench } = stage;
    await workbench.openContainer('Explorer');
    await workbench.chooseFromMenu(workbench.explorerRow('echo'), 'Run as Nex service');
    await workbench.openContainer('Nex');
    await workbench.treeRow('echo').first().waitFor();
    assert.equal(await request('svc.echo', 'hello nex!'), 'hello nex!');
  });

  it('reads in the log channel what a service and a function say', async function () {
    if (!stage.showsLogChannels) {
      console.log('    skipped: the log channels of this VS Code stay empty, see its fetch');
      this.skip();
    }
    const { workbench } = stage;
    await workbench.openContainer('Explorer');
    await workbench.chooseFromMenu(
      workbench.explorerRow('orders.ts'),
      'Nex',
      'Run as Nex function',
    );
    await workbench.openContainer('Nex');
    await workbench.treeRow('orders.ts').waitFor();
    await workbench.page.getByRole('button', { name: 'Show logs' }).first().click();
    await request('orders', '[1,2,3.5]');
    await request('svc.echo', 'once more');
    await workbench.outputLine(/ordersts:\sthe\ssum\sis\s6\.5\s+\(orders\.ts:9\)/).waitFor();
    await workbench.outputLine(/echo\s\(stderr\):.*\s10\sbytes/).waitFor();
    await workbench.outputLine(/echo\s\(stderr\):.*\s9\sbytes/).waitFor();
    await picture('service');
  });
});

/** Builds a template of ours beside the workspace and puts the program into it. */
async function buildTemplate(id: string, name: string, workspace: string): Promise<void> {
  const template = templates.find((one) => one.id === id);
  if (template?.build === undefined) throw new Error(`${id} is no template that is built`);
  const folder = await mkdtemp(join(tmpdir(), 'nexdev-walk-build-'));
  try {
    const extensionPath = resolve('.');
    await writeTemplate({ extensionPath, template, name, folder, workspace: folder });
    const [command = '', ...args] = fillIn(template.build.command, name).split(' ');
    const env = { ...process.env, ...template.build.environment };
    await execute(command, args, { cwd: join(folder, name), env });
    const output = fillIn(template.build.output, name);
    await copyFile(join(folder, output), join(workspace, output.split('/').at(-1) ?? name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
