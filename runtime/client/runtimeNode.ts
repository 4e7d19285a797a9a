import { join } from 'node:path';
import { NexError, errorText } from '../protocol/nexError.ts';
import { cacheDirectory, isProgram, searchPath } from '../protocol/programs.ts';
import { fetchRuntimeNode } from './runtimeNodeFetch.ts';
import { readNodeVersions, unfitReason, type NodeVersions } from './runtimeNodeProbe.ts';
import { nodeRelease, type NodeRelease } from './runtimeNodeRelease.ts';

/** How to run the runtime: `spawn(path, [...args, script])`. */
export interface RuntimeNode {
  path: string;
  args: string[];
}

export interface RuntimeNodeOptions {
  /** The setting `nex.nodePath`; nothing else is tried then. */
  nodePath?: string | undefined;
  /** Asks the person before a Node is fetched; without it none is. */
  confirm?: ((release: NodeRelease) => Promise<boolean>) | undefined;
  onProgress?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  environment?: NodeJS.ProcessEnv | undefined;
  /** The host's own program and what it is; this process unless told. */
  host?: { path: string; versions: NodeVersions } | undefined;
}

/** isolated-vm needs it on Node 20 and newer; not allowed in NODE_OPTIONS. */
const nodeArguments = ['--no-node-snapshot'];

/**
 * Which Node runs the runtime: the setting, the host's own, PATH, one fetched before, one fetched now after asking.
 * isolated-vm fits plain Node of two ABIs only. Errors: `node-unfit` (the setting), `node-missing`, `node-fetch-failed`.
 */
export async function findRuntimeNode(options: RuntimeNodeOptions = {}): Promise<RuntimeNode> {
  const path = await findPath(options);
  return { path, args: [...nodeArguments] };
}

async function findPath(options: RuntimeNodeOptions): Promise<string> {
  const { nodePath, environment = process.env, signal } = options;
  if (nodePath !== undefined && nodePath !== '') return useChosen(nodePath, signal);
  const host = options.host ?? { path: process.execPath, versions: process.versions };
  if (unfitReason(host.versions) === undefined) return host.path;
  const passedOver: string[] = [];
  const onPath = await findOnPath(environment, passedOver, signal);
  return onPath ?? (await fetchedNode(options, environment, passedOver));
}

async function findOnPath(
  environment: NodeJS.ProcessEnv,
  passedOver: string[],
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  for (const path of await searchPath('node', environment)) {
    const reason = await reasonAgainst(path, signal);
    if (reason === undefined) return path;
    passedOver.push(`${path}: ${reason}`);
  }
  return undefined;
}

/** The Node that was fetched before, else fetched now where the person agrees. */
async function fetchedNode(
  options: RuntimeNodeOptions,
  environment: NodeJS.ProcessEnv,
  passedOver: readonly string[],
): Promise<string> {
  const release = nodeRelease(process.platform, process.arch);
  if (release === undefined) throw missing(passedOver);
  const target = cachedNode(release, environment);
  if (await isUsable(target, options.signal)) return target;
  if (!(await options.confirm?.(release))) throw missing(passedOver);
  await fetchRuntimeNode({ ...options, release, target });
  const reason = await reasonAgainst(target, options.signal);
  if (reason === undefined) return target;
  // Alpine, for one, has not the C library that it was built for.
  throw missing([...passedOver, `${target}, just fetched: ${reason}`]);
}

async function useChosen(path: string, signal: AbortSignal | undefined): Promise<string> {
  const reason = await reasonAgainst(path, signal);
  if (reason === undefined) return path;
  throw new NexError('node-unfit', `${path} cannot run functions: ${reason}.`, {
    remedy: 'Name a Node 24 or 26 in the setting nex.nodePath, or clear it.',
  });
}

async function reasonAgainst(
  path: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    return unfitReason(await readNodeVersions(path, signal));
  } catch (error) {
    signal?.throwIfAborted();
    return `it cannot be run: ${errorText(error)}`;
  }
}

const isUsable = async (path: string, signal: AbortSignal | undefined) =>
  (await isProgram(path)) && (await reasonAgainst(path, signal)) === undefined;

const cachedNode = ({ version }: NodeRelease, environment: NodeJS.ProcessEnv) =>
  join(
    cacheDirectory(environment),
    'node',
    version,
    process.platform === 'win32' ? 'node.exe' : 'node',
  );

const missing = (passedOver: readonly string[]) =>
  new NexError(
    'node-missing',
    passedOver.length === 0
      ? 'There is no Node on PATH that can run functions.'
      : `No Node can run functions:\n${passedOver.map((line) => `  ${line}`).join('\n')}`,
    {
      remedy:
        'Install Node 24 (https://nodejs.org) so that it is on PATH, or, in VS Code, name one in the setting nex.nodePath.',
    },
  );
