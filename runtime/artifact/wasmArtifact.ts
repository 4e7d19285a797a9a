import { pathToFileURL } from 'node:url';
import { createArtifact, type Artifact } from './artifact.ts';

/** A WebAssembly module is uploaded as it is. */
export function buildWasm(program: string, bytes: Uint8Array): Artifact {
  const record = { program, scriptUrl: pathToFileURL(program).href, sources: [] };
  return createArtifact({ type: 'wasm', bytes, record });
}
