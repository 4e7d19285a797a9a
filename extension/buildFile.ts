import { buildArtifact, type Artifact } from '../runtime/client/artifacts.ts';
import type { Services } from './services.ts';

/** Builds a file as it is on disk; the Problems view shows what is wrong with it, or no longer is. */
export async function buildFile(
  { problems, built }: Pick<Services, 'problems' | 'built'>,
  file: string,
): Promise<Artifact> {
  try {
    const artifact = await buildArtifact(file);
    built.set(file, artifact);
    problems.showWarnings(file, artifact.warnings);
    return artifact;
  } catch (error) {
    problems.showError(file, error);
    throw error;
  }
}
