import { pathToFileURL } from 'node:url';
import { createArtifact, type Artifact } from './artifact.ts';

/** An executable is uploaded as it is. */
export function buildNative(program: string, bytes: Uint8Array): Artifact {
  const record = { program, scriptUrl: pathToFileURL(program).href, sources: [] };
  return createArtifact({ type: 'native', bytes, record });
}
