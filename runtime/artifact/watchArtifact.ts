import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { NexError, errorText } from '../protocol/nexError.ts';
import type { Artifact } from './artifact.ts';
import { buildArtifact, type BuildOptions } from './buildArtifact.ts';
import { BuildError, nearestFolder } from './buildError.ts';
import { FileWatch } from './fileWatch.ts';

/** What came of a save: a new artifact, or why there is none. */
export type Rebuild = { artifact: Artifact; error?: never } | { artifact?: never; error: unknown };

/**
 * How long it must be quiet, in ms, before a build, and how long until its result counts: an editor writes at once, in a
 * few steps; compilers write an executable for a while, and to read half of it is of no use.
 */
const quietMs = {
  v8: { before: 2, inAll: 10 },
  wasm: { before: 300, inAll: 300 },
  native: { before: 300, inAll: 300 },
};

/** A fault is told after this time without another change, in ms: a save in several steps passes through some. */
const patienceMs = 150;

/**
 * Rebuilds a file's artifact whenever one of the files it is made from has changed, or one that it misses appears, until
 * `signal` or the end of the loop. Saves that change nothing yield nothing, nor does an error that was told before.
 *
 * @param built the artifact that the caller has already; a change since then is noticed
 */
export async function* watchArtifact(
  file: string,
  signal: AbortSignal,
  built?: Artifact,
  options: BuildOptions = {},
): AsyncGenerator<Rebuild, undefined, undefined> {
  const { before, inAll } = quietMs[built?.type ?? 'v8'];
  const files = new FileWatch(before, signal);
  let latest = built?.hash;
  try {
    files.add(built?.inputs ?? [resolve(file)]);
    while (await files.nextChange()) {
      const [rebuild] = await Promise.all([tryBuild(file, options), pause(inAll - before)]);
      if (files.isChanging) continue;
      watchCauses(files, rebuild);
      if (rebuild.artifact === undefined && (await files.changesWithin(patienceMs))) continue;
      const result = rebuild.artifact?.hash ?? errorText(rebuild.error);
      if (result === latest) continue;
      latest = result;
      yield rebuild;
    }
  } finally {
    files.close();
  }
}

async function tryBuild(file: string, options: BuildOptions): Promise<Rebuild> {
  try {
    return { artifact: await buildArtifact(file, options) };
  } catch (error) {
    return { error };
  }
}

/** Files whose change can make another result of it; those of earlier builds stay watched. */
function watchCauses(files: FileWatch, { artifact, error }: Rebuild): void {
  if (artifact !== undefined) files.add(artifact.inputs);
  if (error instanceof NexError) files.add(error.diagnostics.map((fault) => fault.file));
  if (!(error instanceof BuildError)) return;
  files.add([...error.inputs]);
  files.addFolders(error.wanted.map(nearestFolder));
}
