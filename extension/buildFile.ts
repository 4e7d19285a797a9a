import { basename } from 'node:path';
import { buildArtifact, type Artifact } from '../runtime/client/artifacts.ts';
import { NexError } from '../runtime/protocol/nexError.ts';
import { isFunctionType, type WorkloadType } from '../runtime/protocol/workloadTypes.ts';
import type { Services } from './services.ts';

/** Builds a file that has to be a function. */
export async function buildFunction(
  services: Pick<Services, 'problems' | 'built'>,
  file: string,
): Promise<Artifact> {
  const artifact = await buildFile(services, file);
  if (isFunctionType(artifact.type)) return artifact;
  const text = `${basename(file)} is a service: it has its own debugger.`;
  throw new NexError('not-a-function', text, { remedy: 'Choose Nex: Debug Service With….' });
}

/**
 * Builds a file as it is on disk; the Problems view shows what is wrong with it, or no longer is.
 *
 * @param type overrules what the file's content says
 */
export async function buildFile(
  { problems, built }: Pick<Services, 'problems' | 'built'>,
  file: string,
  type?: WorkloadType,
): Promise<Artifact> {
  try {
    const artifact = await buildArtifact(file, { type });
    built.set(file, artifact);
    problems.showWarnings(file, artifact.warnings);
    return artifact;
  } catch (error) {
    problems.showError(file, error);
    throw error;
  }
}
