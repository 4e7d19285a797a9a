/** Runs the extension-host suite in VS Code's server with a page in Chromium. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isolatedEnvironment } from '../../tools/throwawayNode.ts';
import type { Counts } from '../support/counts.ts';
import { findChromium, launchBrowser } from '../support/vscodeBrowser.ts';
import { receiveHostReport, reportPortVariable } from '../support/vscodeHostReport.ts';
import { buildHostSuite } from '../support/vscodeHostSuite.ts';
import { openPage, workbenchUrl } from '../support/vscodePage.ts';
import { startVscodeServer, testSettings } from '../support/vscodeServer.ts';
import { ensureVscodeServerFiles } from '../support/vscodeServerFiles.ts';

async function runHostSuite(chromium: string): Promise<Counts> {
  const serverFiles = await ensureVscodeServerFiles('.vscode-test', console.log);
  const tests = await buildHostSuite();
  await using undo = new AsyncDisposableStack();
  const report = await receiveHostReport();
  undo.defer(() => report.dispose());
  const root = await mkdtemp(join(tmpdir(), 'nexdev-host-'));
  undo.defer(() => rm(root, { recursive: true, force: true }));
  const folder = join(root, 'workspace');
  await mkdir(folder);
  const server = await startVscodeServer({
    serverFiles,
    home: join(root, 'vscode'),
    settings: testSettings,
    environment: {
      ...isolatedEnvironment(root),
      [reportPortVariable]: String(report.port),
    },
  });
  undo.defer(() => server.dispose());
  const browser = await launchBrowser(chromium);
  undo.defer(() => browser.close());
  const development = { extension: resolve('.'), tests };
  await openPage(browser, workbenchUrl({ url: server.url, folder, development }));
  return await report.finished;
}

const chromium = findChromium();
if (chromium === undefined) throw new Error('no Chromium: `npm test` skips this suite without');
const counts = await runHostSuite(chromium);
const file = process.env['NEXDEV_TEST_COUNTS'];
if (file !== undefined) await writeFile(file, JSON.stringify(counts));
process.exitCode = counts.failures.length === 0 ? 0 : 1;
