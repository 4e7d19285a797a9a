import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installProgram } from '../protocol/programs.ts';
import { pinnedVersion } from './pinnedRelease.ts';

const serverPackage = 'github.com/nats-io/nats-server/v2';

export interface BuildOptions {
  target: string;
  onProgress?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  environment?: NodeJS.ProcessEnv | undefined;
}

/** Builds the pinned server from the Go module in tools/nats-server. Rejects with the reason in one line. */
export async function buildWithGo(options: BuildOptions): Promise<void> {
  const module = moduleDirectory();
  if (module === undefined) throw new Error('the Go module nats-server is built from is not here');
  await run(['version'], module, options).catch((error: unknown) => {
    throw isMissing(error) ? new Error('Go is not on PATH') : error;
  });
  options.onProgress?.(`Building nats-server ${pinnedVersion} with Go, once: about a minute…`);
  await installProgram(options.target, (temporary) =>
    run(
      ['build', '-trimpath', '-ldflags', '-s -w', '-o', temporary, serverPackage],
      module,
      options,
    ),
  );
}

/** Beside `dist` when bundled, two folders up when run from source. */
function moduleDirectory(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return ['..', '../..']
    .map((up) => join(here, up, 'tools', 'nats-server'))
    .find((directory) => existsSync(join(directory, 'go.mod')));
}

function goEnvironment({ environment }: BuildOptions): NodeJS.ProcessEnv {
  return {
    ...(environment ?? process.env),
    CGO_ENABLED: '0',
    // The module's own go.sum decides; a workspace or flags of the user must not change what is built.
    GOFLAGS: '-mod=readonly -buildvcs=false',
    GOWORK: 'off',
  };
}

function run(args: string[], cwd: string, options: BuildOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, {
      cwd,
      env: goEnvironment(options),
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`go ${args[0] ?? ''} failed: ${lastLine(complaint)}`));
    });
  });
}

const isMissing = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
