import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { executablePlatform } from '../protocol/executablePlatform.ts';
import { NexError } from '../protocol/nexError.ts';
import { createArtifact, type Artifact } from './artifact.ts';

/** An executable is uploaded as it is. Throws `not-executable` for one that could not be started here either. */
export async function buildNative(program: string, bytes: Uint8Array): Promise<Artifact> {
  // Windows has no such bit.
  if (process.platform !== 'win32' && ((await stat(program)).mode & 0o111) === 0) {
    throw new NexError('not-executable', `${program} may not be executed: it has no execute bit.`, {
      remedy: `Set it: chmod +x ${program}`,
    });
  }
  const record = { program, scriptUrl: pathToFileURL(program).href, sources: [] };
  return createArtifact({ type: 'native', bytes, record, platform: executablePlatform(bytes) });
}
