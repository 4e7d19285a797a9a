import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NexError, errorText } from '../protocol/nexError.ts';
import { cacheDirectory, isProgram, searchPath } from '../protocol/programs.ts';
import { buildWithGo } from './buildWithGo.ts';
import { downloadRelease } from './downloadRelease.ts';
import {
  executableName,
  minimumVersion,
  pinnedVersion,
  releaseArchive,
  releasePage,
} from './pinnedRelease.ts';
import { isRecentEnough, readServerVersion } from './serverVersion.ts';

export interface FindOptions {
  /** The user's choice; nothing else is tried then. */
  serverPath?: string | undefined;
  onProgress?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  environment?: NodeJS.ProcessEnv | undefined;
  /** Folder URL of the release archives, where a mirror has them. */
  releasesFrom?: string | undefined;
}

export interface FoundServer {
  path: string;
  version: string;
}

/** One way to a server. Undefined means that it does not lead there, with the reason added to `failures`. */
type Way = (search: Search) => Promise<FoundServer | undefined>;

interface Search extends FindOptions {
  environment: NodeJS.ProcessEnv;
  /** One line for each way that failed, for the person who reads the error. */
  failures: string[];
}

const ways: readonly Way[] = [fromPackage, fromPath, fromCache, fromGo, fromDownload];

/** Finds a nats-server that can be run, and builds or fetches the pinned one where there is none. */
export async function findNatsServer(options: FindOptions = {}): Promise<FoundServer> {
  const environment = options.environment ?? process.env;
  const chosen = options.serverPath ?? environment['NEXDEV_NATS_SERVER'];
  if (chosen !== undefined && chosen !== '') return useChosen(chosen, options.signal);
  const search: Search = { ...options, environment, failures: [] };
  for (const way of ways) {
    options.signal?.throwIfAborted();
    const found = await way(search);
    if (found !== undefined) return found;
  }
  throw new NexError(
    'nats-server-not-found',
    ['There is no nats-server to run:', ...search.failures.map((line) => `  ${line}`)].join('\n'),
    {
      remedy:
        `Install nats-server ${minimumVersion} or newer so that it is on PATH, or name one with the ` +
        'environment variable NEXDEV_NATS_SERVER; with Go installed it is built by itself.',
    },
  );
}

const namedBy = '--nats-server, NEXDEV_NATS_SERVER or the setting nex.natsServerPath';

async function useChosen(path: string, signal?: AbortSignal): Promise<FoundServer> {
  const version = await readServerVersion(path, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new NexError('nats-server-unusable', `${path} cannot be run: ${errorText(error)}`, {
      remedy: `Correct what names it, or leave it out: ${namedBy}.`,
      cause: error,
    });
  });
  if (isRecentEnough(version)) return { path, version };
  throw new NexError(
    'nats-server-too-old',
    `${path} is nats-server ${version}; ${minimumVersion} is the oldest that works here.`,
    { remedy: `Update it, or name none, so that a newer one is used: ${namedBy}.` },
  );
}

/** The one that comes with the extension's package. */
async function fromPackage(search: Search): Promise<FoundServer | undefined> {
  const here = dirname(fileURLToPath(import.meta.url));
  const path = join(here, 'bin', executableName);
  return (await isProgram(path)) ? tryServer('package', path, search) : undefined;
}

async function fromPath(search: Search): Promise<FoundServer | undefined> {
  const candidates = await searchPath('nats-server', search.environment);
  if (candidates.length === 0) search.failures.push('PATH: no nats-server on it');
  for (const path of candidates) {
    const found = await tryServer('PATH', path, search);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function fromCache(search: Search): Promise<FoundServer | undefined> {
  const path = cachedServer(search.environment);
  return (await isProgram(path)) ? tryServer('cache', path, search) : undefined;
}

async function fromGo(search: Search): Promise<FoundServer | undefined> {
  const target = cachedServer(search.environment);
  return make('Go', target, search, () => buildWithGo({ ...search, target }));
}

async function fromDownload(search: Search): Promise<FoundServer | undefined> {
  const target = cachedServer(search.environment);
  return make('download', target, search, async () => {
    const archive = releaseArchive(process.platform, process.arch);
    if (archive === undefined) throw new Error(`none for ${process.platform}-${process.arch}`);
    await downloadRelease({ ...search, target, archive, from: search.releasesFrom ?? releasePage });
  });
}

/** Versioned, so that a newer Nex Devrun never runs what an older one had put there. */
const cachedServer = (environment: NodeJS.ProcessEnv) =>
  join(cacheDirectory(environment), 'nats-server', pinnedVersion, executableName);

async function make(
  way: string,
  target: string,
  search: Search,
  install: () => Promise<void>,
): Promise<FoundServer | undefined> {
  try {
    await install();
  } catch (error) {
    search.signal?.throwIfAborted();
    search.failures.push(`${way}: ${errorText(error)}`);
    return undefined;
  }
  return tryServer(way, target, search);
}

/** A server that is too old or does not run is passed over, never silently. */
async function tryServer(
  way: string,
  path: string,
  search: Search,
): Promise<FoundServer | undefined> {
  let reason: string;
  try {
    const version = await readServerVersion(path, search.signal);
    if (isRecentEnough(version)) return { path, version };
    reason = `${path} is ${version}, older than ${minimumVersion}`;
  } catch (error) {
    search.signal?.throwIfAborted();
    reason = `${path} cannot be run: ${errorText(error)}`;
  }
  search.failures.push(`${way}: ${reason}`);
  search.onProgress?.(`nats-server passed over: ${reason}.`);
  return undefined;
}
