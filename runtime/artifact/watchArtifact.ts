import { resolve } from 'node:path';
import type { Artifact } from './artifact.ts';
import { buildArtifact, type BuildOptions } from './buildArtifact.ts';
import { FileWatch } from './fileWatch.ts';

/** What came of a save: a new artifact, or why there is none. */
export type Rebuild = { artifact: Artifact; error?: never } | { artifact?: never; error: unknown };

/**
 * Rebuilds a file's artifact whenever one of the files it is made from has changed, until `signal` or the end of the
 * loop. Saves that change nothing yield nothing.
 *
 * @param built the artifact that the caller has already; a change since then is noticed
 */
export async function* watchArtifact(
  file: string,
  signal: AbortSignal,
  built?: Artifact,
  options: BuildOptions = {},
): AsyncGenerator<Rebuild, undefined, undefined> {
  const files = new FileWatch(signal);
  let latestHash = built?.hash;
  try {
    files.add(built?.inputs ?? [resolve(file)]);
    while (await files.nextChange()) {
      const rebuild = await tryBuild(file, options);
      if (rebuild.artifact !== undefined) {
        files.add(rebuild.artifact.inputs);
        if (rebuild.artifact.hash === latestHash) continue;
      }
      latestHash = rebuild.artifact?.hash;
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
