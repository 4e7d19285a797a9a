import { resolve } from 'node:path';
import type { WorkloadType } from '../protocol/workloadTypes.ts';
import type { Artifact } from './artifact.ts';
import { identifyProgram } from './identifyProgram.ts';
import { buildFunction, type CleanOptions } from './functionArtifact.ts';
import { buildNative } from './nativeArtifact.ts';
import { buildWasm } from './wasmArtifact.ts';
import { readProgram } from './readProgram.ts';

export interface BuildOptions {
  /** Overrules what the file's content says. */
  type?: WorkloadType | undefined;
  /** Build a function for a real node. */
  clean?: CleanOptions | undefined;
}

/** Builds the artifact of a file, whichever kind it is. Errors are NexErrors; those of sources name file, line and column. */
export async function buildArtifact(file: string, options: BuildOptions = {}): Promise<Artifact> {
  const program = resolve(file);
  const bytes = await readProgram(program);
  switch (options.type ?? identifyProgram(program, bytes)) {
    case 'v8':
      return buildFunction(program, bytes, options.clean);
    case 'wasm':
      return buildWasm(program, bytes);
    case 'native':
      return buildNative(program, bytes);
  }
}
