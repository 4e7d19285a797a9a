import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import registryAuthToken from 'registry-auth-token';
import getRegistryUrl from 'registry-auth-token/registry-url.js';
import { x as extractTar } from 'tar';
import { z } from 'zod';
import { NexError, errorText } from '../protocol/nexError.ts';
import { installProgram } from '../protocol/programs.ts';
import type { NodeRelease } from './runtimeNodeRelease.ts';

export interface FetchNodeOptions {
  release: NodeRelease;
  target: string;
  onProgress?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** What is needed of a version's metadata in an npm registry. */
const metadataSchema = z.object({ dist: z.object({ tarball: z.url() }) });

/** Fetches a Node from the npm registry that npm is set up for (environment, then .npmrc), and checks its integrity. */
export async function fetchRuntimeNode(options: FetchNodeOptions): Promise<void> {
  const { release, target, signal } = options;
  const name = `${release.package}@${release.version}`;
  const registry = registryUrl();
  options.onProgress?.(`Fetching Node ${release.version} (${release.package}) from ${registry}…`);
  try {
    const about = await request(`${registry}${release.package}/${release.version}`, signal);
    const { dist } = metadataSchema.parse(await about.json());
    const tarball = await request(dist.tarball, signal);
    const bytes = new Uint8Array(await tarball.arrayBuffer());
    checkIntegrity(bytes, release);
    await installProgram(target, (temporary) => extractNode(bytes, temporary));
  } catch (error) {
    signal?.throwIfAborted();
    throw new NexError('node-fetch-failed', `${name} cannot be fetched: ${reasonOf(error)}`, {
      remedy: 'Install Node 24 so that it is on PATH, or name one in the setting nex.nodePath.',
      cause: error,
    });
  }
}

export function checkIntegrity(bytes: Uint8Array, release: NodeRelease): void {
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (found === release.integrity) return;
  throw new Error(`its integrity is ${found} instead of ${release.integrity}: not used`);
}

/** npm's own order; an environment variable that is set to nothing does not count. */
const registryUrl = () => {
  const fromEnvironment = process.env['npm_config_registry'] ?? '';
  if (fromEnvironment === '') return getRegistryUrl();
  return fromEnvironment.endsWith('/') ? fromEnvironment : `${fromEnvironment}/`;
};

async function request(url: string, signal: AbortSignal | undefined): Promise<Response> {
  const credentials = registryAuthToken(url, { recursive: true });
  const response = await fetch(url, {
    ...(signal === undefined ? {} : { signal }),
    headers:
      credentials === undefined
        ? {}
        : { authorization: `${credentials.type} ${credentials.token}` },
  });
  if (!response.ok) throw new Error(`${url} answers with HTTP status ${response.status}`);
  return response;
}

async function extractNode(bytes: Uint8Array, target: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'nexdev-node-'));
  try {
    const archive = join(directory, 'node.tgz');
    await writeFile(archive, bytes);
    await extractTar({ file: archive, cwd: directory, filter: (path) => isNode(path) });
    await copyFile(join(directory, 'package', 'bin', programName), target);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const programName = process.platform === 'win32' ? 'node.exe' : 'node';

const isNode = (path: string) => path === `package/bin/${programName}`;

/** fetch says only `fetch failed`; why is in the cause. */
const reasonOf = (error: unknown) =>
  errorText(error instanceof Error && error.cause !== undefined ? error.cause : error);
