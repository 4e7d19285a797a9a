import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as tar from 'tar';
import { searchPath } from '../../runtime/protocol/programs.ts';

/** A complete VS Code server and workbench from the npm registry: needs no download from elsewhere. */
const release = {
  spec: 'code-server@4.139.1',
  file: 'code-server-4.139.1.tgz',
  integrity:
    'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
} as const;

/** Writes the files behind VS Code's log channels; native, and compiled here. */
const logWriter = '@vscode/spdlog';

/**
 * The directory of VS Code's server, fetched into `cache` on first use. `progress` is told of each step, since a
 * first fetch takes half a minute.
 */
export async function ensureVscodeServerFiles(
  cache: string,
  progress: (step: string) => void = () => undefined,
): Promise<string> {
  const directory = join(cache, 'code-server-4.139.1-with-logs');
  const server = join(directory, 'lib', 'vscode');
  if (existsSync(directory)) return server;
  await mkdir(cache, { recursive: true });
  // Made beside its final place and renamed when complete: an interrupted fetch leaves nothing that looks whole.
  const scratch = await mkdtemp(join(cache, 'fetch-'));
  try {
    progress(`fetching ${release.spec} (47 MB)`);
    await npm(['pack', release.spec, '--ignore-scripts', '--silent'], scratch);
    await verify(join(scratch, release.file));
    progress('unpacking');
    await tar.x({ file: join(scratch, release.file), cwd: scratch });
    progress("installing the server's packages");
    for (const part of [
      ['lib', 'vscode'],
      ['lib', 'vscode', 'extensions'],
    ]) {
      await npm(
        ['install', '--omit=dev', '--ignore-scripts', '--silent', '--no-audit', '--no-fund'],
        join(scratch, 'package', ...part),
      );
    }
    await compileLogWriter(join(scratch, 'package', 'lib', 'vscode'), progress);
    await renameUnlessThere(join(scratch, 'package'), directory);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return server;
}

/** Whether log channels show what is written to them: nothing does where their writer could not be compiled. */
export function showsLogChannels(server: string): boolean {
  return existsSync(
    join(server, 'node_modules', ...logWriter.split('/'), 'build', 'Release', 'spdlog.node'),
  );
}

/** The one native package that tests look at. VS Code runs without it, so a machine without a compiler may fail here. */
async function compileLogWriter(server: string, progress: (step: string) => void): Promise<void> {
  progress(`compiling ${logWriter}`);
  try {
    const headers = await installedHeaders();
    const from = headers === undefined ? [] : [`--nodedir=${headers}`];
    await npm(['rebuild', logWriter, '--ignore-scripts=false', '--silent', ...from], server);
  } catch (error) {
    progress(`log channels stay empty: ${String(error)}`);
  }
}

/** Where a Node on PATH has its headers, which spares fetching some; any version's do for Node-API. */
async function installedHeaders(): Promise<string | undefined> {
  const prefixes = (await searchPath('node')).map((program) => dirname(dirname(program)));
  return prefixes.find((prefix) => existsSync(join(prefix, 'include', 'node', 'node_api.h')));
}

async function verify(file: string): Promise<void> {
  const digest = createHash('sha512')
    .update(await readFile(file))
    .digest('base64');
  if (`sha512-${digest}` !== release.integrity) {
    throw new Error(
      `${release.spec} from the npm registry is not the pinned one: sha512-${digest}`,
    );
  }
}

/** Another process may have fetched it meanwhile; its copy is as good. */
async function renameUnlessThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/** Runs the npm that runs us, else the one on PATH. The packages have their own engines and audit settings. */
function npm(args: string[], cwd: string): Promise<void> {
  const own = process.env['npm_execpath'];
  const [command, ...rest] =
    own?.endsWith('.js') === true ? [process.execPath, own, ...args] : ['npm', ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
      env: { ...process.env, npm_config_engine_strict: 'false' },
    });
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${args.join(' ')} ended with ${String(code)}:\n${complaints}`));
    });
  });
}
