import { basename } from 'node:path';
import { buildArtifact, type Artifact } from '../runtime/client/artifacts.ts';
import { NexError } from '../runtime/protocol/nexError.ts';
import { isFunctionType, type WorkloadType } from '../runtime/protocol/workloadTypes.ts';
import type { Problems } from './problems.ts';
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
 * Builds a file as it is on disk, to be run here.
 *
 * @param type overrules what the file's content says
 */
export async function buildFile(
  { problems, built }: Pick<Services, 'problems' | 'built'>,
  file: string,
  type?: WorkloadType,
): Promise<Artifact> {
  const artifact = await tryBuild(problems, file, { type });
  built.set(file, artifact);
  return artifact;
}

/** The Problems view shows what is wrong with the file, or no longer is. */
export async function tryBuild(
  problems: Problems,
  file: string,
  options: Parameters<typeof buildArtifact>[1],
): Promise<Artifact> {
  try {
    const artifact = await buildArtifact(file, options);
    problems.showWarnings(file, artifact.warnings);
    return artifact;
  } catch (error) {
    problems.showError(file, error);
    throw error;
  }
}
