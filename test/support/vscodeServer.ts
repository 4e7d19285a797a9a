import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A VS Code server on a port of its own choice. */
export interface VscodeServer {
  readonly url: string;
  readonly port: number;
  /** What it and its extension hosts printed. */
  log(): string;
  /** Ends the server and every process below it. */
  dispose(): Promise<void>;
}

export interface VscodeServerOptions {
  /** From `ensureVscodeServerFiles`. */
  serverFiles: string;
  /** Where user data and extensions live; made if missing. */
  home: string;
  /** User settings, `quietSettings` where not given. */
  settings?: Record<string, unknown>;
  environment?: NodeJS.ProcessEnv;
  /** VSIX files to install before it starts. */
  extensions?: string[];
}

/** Nothing that pops up by itself, and nothing that asks the network. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

/** Whatever else runs on this machine: tests never join another's NATS. */
export const testSettings = { ...quietSettings, 'nex.nats': 'separate' };

/** Starts VS Code's server on 127.0.0.1 and resolves when it listens. */
export async function startVscodeServer(options: VscodeServerOptions): Promise<VscodeServer> {
  const directories = {
    data: join(options.home, 'data'),
    extensions: join(options.home, 'extensions'),
  };
  await writeSettings(directories.data, options.settings ?? quietSettings);
  const main = [
    join(options.serverFiles, 'out', 'server-main.js'),
    '--accept-server-license-terms',
    `--server-data-dir=${directories.data}`,
    `--extensions-dir=${directories.extensions}`,
  ];
  const environment = { ...process.env, ...options.environment };
  for (const extension of options.extensions ?? []) {
    await runToEnd([...main, '--install-extension', extension, '--force'], environment);
  }
  const child = spawn(
    process.execPath,
    [
      ...main,
      '--host=127.0.0.1',
      '--port=0',
      '--without-connection-token',
      '--disable-telemetry',
      // Makes the page honour extension development paths in a built product.
      '--enable-smoke-test-driver',
      // An extension host whose page is gone without a goodbye lives this many seconds, not three hours.
      '--reconnection-grace-time=20',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: environment, detached: ownsGroup },
  );
  const output: string[] = [];
  const port = await listeningPort(child, output);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    log: () => output.join('\n'),
    dispose: () => endTree(child),
  };
}

async function writeSettings(data: string, settings: Record<string, unknown>): Promise<void> {
  const directory = join(data, 'data', 'User');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'settings.json'), JSON.stringify(settings, undefined, 2));
}

async function runToEnd(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`VS Code's server ended with ${String(code)}:\n${output}`);
}

/** Reads the server's output, for as long as it lives, and resolves with the port that it names. */
function listeningPort(child: ChildProcess, output: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const read = (line: string) => {
      output.push(line);
      const port = /^Extension host agent listening on (\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', read);
    }
    child.on('error', reject);
    child.on('exit', (code) => {
      reject(new Error(`VS Code's server ended with ${String(code)}:\n${output.join('\n')}`));
    });
  });
}

/** Windows has no process groups; there `taskkill` walks the tree. */
const ownsGroup = process.platform !== 'win32';
const politeMs = 5000;

async function endTree(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  if (!ownsGroup) {
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    await gone;
    return;
  }
  const group = -child.pid;
  signal(group, 'SIGTERM');
  const hard = setTimeout(() => signal(group, 'SIGKILL'), politeMs);
  await gone;
  clearTimeout(hard);
  // The server is gone; an extension host that did not follow goes now.
  signal(group, 'SIGKILL');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // Nobody left to signal is what we want.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
