import type { DevrunResult } from '../../runtime/client/devrun.ts';
import { askSubjects } from '../askSubject.ts';
import { buildFile } from '../buildFile.ts';
import { programFile } from '../programFile.ts';
import type { Services } from '../services.ts';
import { runOnSubjects } from './runFunction.ts';

/** Runs the active file on a subject that is asked for each time: how to change the one that is remembered. */
export async function devrunOnSubject(
  services: Services,
  uri?: unknown,
): Promise<DevrunResult | undefined> {
  const file = await programFile(uri);
  const artifact = await buildFile(services, file);
  const triggerSubjects = await askSubjects(file, services.memory);
  if (triggerSubjects === undefined) return undefined;
  return runOnSubjects(services, artifact, triggerSubjects);
}
