/**
 * `npm test`: builds, then runs every suite, and closes with what failed and `N passed, N failed, N skipped`.
 * With NEXDEV_FORBID_SKIPS=1 (CI) a skipped test is a failure.
 * `npm test -- unit dap` runs only the suites named.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countsSchema, describeCounts, type Counts, type Failure } from './support/counts.ts';
import { describeFailure } from './support/describeFailure.ts';
import { findNatsServer } from '../runtime/nats-server/findNatsServer.ts';
import { cacheDirectory } from '../runtime/protocol/programs.ts';
import { findLeftovers } from './support/leftovers.ts';
import { findChromium } from './support/vscodeBrowser.ts';

const mocha = (pattern: string) => [
  'node_modules/mocha/bin/mocha.js',
  '--forbid-only',
  '--timeout=30000',
  '--reporter=test/support/reporter.cjs',
  pattern,
];

/** What each suite runs on our Node, in this order; each writes its counts. */
const suites = {
  unit: [mocha('test/unit/**/*.test.ts')],
  integration: [mocha('test/integration/**/*.test.ts')],
  faults: [mocha('test/faults/**/*.test.ts')],
  dap: [mocha('test/dap/**/*.test.ts')],
  vscode: [['test/vscode/browser.ts']],
  walk: [['tools/package.ts'], mocha('test/vscode/walk/**/*.test.ts')],
} satisfies Record<string, string[][]>;
type Suite = keyof typeof suites;

const needBrowser: readonly Suite[] = ['vscode', 'walk'];

const run = (command: string, args: string[]) => ended(spawn(command, args, { stdio: 'inherit' }));

const ended = (child: ChildProcess) =>
  new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });

/** Time in ms that a suite has to end once it has counted: what goes on then is left over from a test. */
const endingMs = 60_000;

/** Runs the process of a suite, which writes its counts; one that does not end is ended. */
async function runCounted(args: string[], counts: string): Promise<number> {
  const environment = { ...process.env, NEXDEV_TEST_COUNTS: counts };
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: environment });
  const timer = setInterval(() => {
    const writtenAt = statSync(counts, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - writtenAt > endingMs) child.kill('SIGKILL');
  }, 1000);
  try {
    return await ended(child);
  } finally {
    clearInterval(timer);
  }
}

async function runSuite(suite: Suite, directory: string): Promise<Counts> {
  const output = join(directory, `${suite}.json`);
  console.log(`\n# ${suite}`);
  if (needBrowser.includes(suite) && findChromium() === undefined) {
    console.log('  - skipped: there is no Chromium on PATH, and none named in CHROMIUM_PATH');
    return { passed: 0, skipped: 1, failures: [] };
  }
  for (const step of suites[suite].slice(0, -1)) {
    const code = await run(process.execPath, step);
    if (code !== 0) return notRun({ title: step.join(' '), error: `ended with ${code}` });
  }
  return readCounts(output, await runCounted(suites[suite].at(-1) ?? [], output));
}

/** A suite that died before it could count is one failure. */
function readCounts(file: string, code: number): Counts {
  const death = { title: 'the suite itself', error: `ended with ${code}; see its output above` };
  try {
    const counts = countsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const died = code !== 0 && counts.failures.length === 0;
    return died ? { ...counts, failures: [death] } : counts;
  } catch (error) {
    return notRun({ ...death, error: `${death.error} (${String(error)})` });
  }
}

const notRun = (failure: Failure): Counts => ({ passed: 0, skipped: 0, failures: [failure] });

/** Each thing left behind is a failure. */
const leftoverFailures = async (temporary: string): Promise<Failure[]> =>
  (await findLeftovers(temporary)).map((error) => ({ title: 'left behind', error }));

/** The directory of this run; everything that the suites make goes into its `t`, so that what they leave can be seen. */
async function prepareRun(): Promise<{ directory: string; temporary: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'nexdev-'));
  const temporary = join(directory, 't');
  mkdirSync(temporary);
  Object.assign(process.env, { TMPDIR: temporary, TEMP: temporary, TMP: temporary });
  // Here, where it may take its minute on a machine that has none yet, and not in the first test that needs it.
  process.env['NEXDEV_CACHE_DIR'] = cacheDirectory();
  await findNatsServer({ onProgress: (text) => console.log(text) });
  return { directory, temporary };
}

async function main(): Promise<number> {
  const named = process.argv.slice(2);
  const chosen = (Object.keys(suites) as Suite[]).filter(
    (suite) => named.length === 0 || named.includes(suite),
  );
  if ((await run(process.execPath, ['esbuild.mjs'])) !== 0) return 1;
  const { directory, temporary } = await prepareRun();
  const total: Counts = { passed: 0, skipped: 0, failures: [] };
  try {
    for (const suite of chosen) {
      const { passed, skipped, failures } = await runSuite(suite, directory);
      total.passed += passed;
      total.skipped += skipped;
      total.failures.push(...failures.map((one) => ({ ...one, title: `${suite} › ${one.title}` })));
    }
    total.failures.push(...(await leftoverFailures(temporary)));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  // Last of all, so that the end of any run tells what failed in it.
  for (const failure of total.failures) console.log(`\n${describeFailure(failure)}`);
  console.log(`\n${describeCounts(total)}`);
  const skipsForbidden = process.env['NEXDEV_FORBID_SKIPS'] === '1';
  return total.failures.length > 0 || (skipsForbidden && total.skipped > 0) ? 1 : 0;
}

process.exitCode = await main();
