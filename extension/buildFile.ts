import { buildArtifact, type Artifact } from '../runtime/client/artifacts.ts';
import type { Services } from './services.ts';

/** Builds a file as it is on disk; the Problems view shows what is wrong with it, or no longer is. */
export async function buildFile(
  { problems }: Pick<Services, 'problems'>,
  file: string,
): Promise<Artifact> {
  try {
    const artifact = await buildArtifact(file);
    problems.showWarnings(file, artifact.warnings);
    return artifact;
  } catch (error) {
    problems.clear(file);
    throw error;
  }
}
