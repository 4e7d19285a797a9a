import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory, installProgram, searchPath } from '../../runtime/protocol/programs.ts';

const version = 'v1.27.2';

/** The Go debugger: the one on PATH, else one that is built once. Undefined where there is no Go. */
export async function findDelve(): Promise<string | undefined> {
  const [installed] = await searchPath('dlv');
  if (installed !== undefined) return installed;
  const cached = join(cacheDirectory(), 'delve', version, 'dlv');
  if (existsSync(cached)) return cached;
  const [go] = await searchPath('go');
  if (go === undefined) return undefined;
  await installProgram(cached, (temporary) => build(go, temporary));
  return cached;
}

/** `go install` decides the program's name itself. */
async function build(go: string, target: string): Promise<void> {
  const directory = `${target}.d`;
  const env = { ...process.env, GOBIN: directory, GOFLAGS: '', GOWORK: 'off' };
  const delve = `github.com/go-delve/delve/cmd/dlv@${version}`;
  await promisify(execFile)(go, ['install', delve], { cwd: dirname(target), env });
  await rename(join(directory, 'dlv'), target);
  await rm(directory, { recursive: true });
}
