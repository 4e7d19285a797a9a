/**
 * `npm run test:electron`: the extension-host suite in a desktop VS Code, which @vscode/test-electron downloads from
 * Microsoft, then the walk in the same VS Code, driven through Electron instead of Chromium.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { isolatedEnvironment } from '../../tools/throwawayNode.ts';
import { describeCounts, type Counts } from '../support/counts.ts';
import { electronVariable } from '../support/vscodeElectron.ts';
import { receiveHostReport, reportPortVariable } from '../support/vscodeHostReport.ts';
import { buildHostSuite } from '../support/vscodeHostSuite.ts';

async function runHostSuite(vscodeExecutablePath: string): Promise<Counts> {
  const extensionTestsPath = await buildHostSuite();
  await using undo = new AsyncDisposableStack();
  const report = await receiveHostReport();
  undo.defer(() => report.dispose());
  const root = await mkdtemp(join(tmpdir(), 'nexdev-host-'));
  undo.defer(() => rm(root, { recursive: true, force: true }));
  const folder = join(root, 'workspace');
  await mkdir(folder);
  const code = await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: resolve('.'),
    extensionTestsPath,
    launchArgs: [folder, '--disable-workspace-trust', `--user-data-dir=${join(root, 'vscode')}`],
    extensionTestsEnv: {
      ...isolatedEnvironment(root),
      [reportPortVariable]: String(report.port),
    },
  });
  if (code !== 0) throw new Error(`VS Code ended with ${code}`);
  return await report.finished;
}

async function runStep(args: string[], environment: NodeJS.ProcessEnv): Promise<boolean> {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}

const executable = await downloadAndUnzipVSCode({ cachePath: resolve('.vscode-test') });
const counts = await runHostSuite(executable);
console.log(`\n${describeCounts(counts)} in the extension host`);
const walked =
  (await runStep(['tools/package.ts'], {})) &&
  (await runStep(
    ['node_modules/mocha/bin/mocha.js', '--forbid-only', 'test/vscode/walk/**/*.test.ts'],
    { [electronVariable]: executable },
  ));
process.exitCode = counts.failures.length === 0 && walked ? 0 : 1;
