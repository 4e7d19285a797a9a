/**
 * `npm start`: opens VS Code with this extension and the examples: the desktop one where it is installed, else, or with
 * `npm start -- --browser`, one that is served to the browser.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describeError } from '../runtime/protocol/nexError.ts';
import { isProgram, searchPath } from '../runtime/protocol/programs.ts';
import { workbenchUrl } from '../test/support/vscodePage.ts';
import { startVscodeServer } from '../test/support/vscodeServer.ts';
import { ensureVscodeServerFiles } from '../test/support/vscodeServerFiles.ts';

const repository = resolve(import.meta.dirname, '..');
const examples = join(repository, 'examples');

/** Where VS Code is on systems that do not put its command on PATH. */
const usualPlaces = [
  '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code',
  join(process.env['LOCALAPPDATA'] ?? '', 'Programs', 'Microsoft VS Code', 'Code.exe'),
];

/** The `code` of a remote terminal opens files in the window that is there; it takes no extension. */
const isDesktop = (path: string) => !path.includes('remote-cli');

async function findDesktop(): Promise<string | undefined> {
  const onPath = (await searchPath('code')).find(isDesktop);
  if (onPath !== undefined) return onPath;
  for (const path of usualPlaces) if (await isProgram(path)) return path;
  return undefined;
}

async function openDesktop(code: string): Promise<void> {
  console.log(`Opening ${code} with Nex Devrun and the examples.`);
  const args = ['--new-window', `--extensionDevelopmentPath=${repository}`, examples];
  const [exitCode] = (await once(spawn(code, args, { stdio: 'inherit' }), 'exit')) as [number];
  process.exitCode = exitCode;
}

async function serveInBrowser(): Promise<void> {
  const cache = join(repository, '.vscode-test');
  const serverFiles = await ensureVscodeServerFiles(cache, (step) => console.log(`${step}…`));
  const server = await startVscodeServer({ serverFiles, home: join(cache, 'start') });
  try {
    const development = { extension: repository };
    const address = workbenchUrl({ url: server.url, folder: examples, development });
    console.log(`VS Code with Nex Devrun and the examples:\n\n  ${address}\n\nCtrl-C ends it.`);
    await ended();
  } finally {
    await server.dispose();
  }
}

/** The listeners stay: npm passes a Ctrl-C on that has come here by itself already. */
const ended = () =>
  new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve());
  });

async function main(): Promise<void> {
  process.chdir(repository);
  await promisify(execFile)(process.execPath, ['esbuild.mjs']);
  const desktop = process.argv.includes('--browser') ? undefined : await findDesktop();
  if (desktop === undefined) await serveInBrowser();
  else await openDesktop(desktop);
}

try {
  await main();
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
