import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import semver from 'semver';
import { minimumVersion } from './pinnedRelease.ts';

const execute = promisify(execFile);

/** The version in what `nats-server --version` prints (`nats-server: v2.14.5`); undefined where there is none. */
export function parseServerVersion(output: string): string | undefined {
  const word = /\bv?(\d+\.\d+\.\d+\S*)/.exec(output)?.[1];
  return semver.valid(word) ?? undefined;
}

export const isRecentEnough = (version: string) => semver.gte(version, minimumVersion);

/** Asks the program itself. Rejects where it cannot be run or says something else. */
export async function readServerVersion(path: string, signal?: AbortSignal): Promise<string> {
  const { stdout } = await execute(path, ['--version'], {
    timeout: 10_000,
    windowsHide: true,
    ...(signal === undefined ? {} : { signal }),
  });
  const version = parseServerVersion(stdout);
  if (version === undefined) {
    throw new Error(`'${path} --version' printed ${JSON.stringify(stdout.trim().slice(0, 80))}`);
  }
  return version;
}
