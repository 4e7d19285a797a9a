import { basename } from 'node:path';
import type { DevrunResult } from '../../runtime/client/devrun.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { isFunctionType } from '../../runtime/protocol/workloadTypes.ts';
import { askSubjects } from '../askSubject.ts';
import { buildFile } from '../buildFile.ts';
import { programFile } from '../programFile.ts';
import type { Services } from '../services.ts';
import { runOnSubjects } from './runFunction.ts';

/** Runs the active file, which has to be a function, on a subject that is asked for each time: how to change the one that is remembered. */
export async function devrunOnSubject(
  services: Services,
  uri?: unknown,
): Promise<DevrunResult | undefined> {
  const file = await programFile(uri);
  const artifact = await buildFile(services, file);
  if (!isFunctionType(artifact.type)) {
    throw new NexError('trigger-on-service', `${basename(file)} is a service: it has no subject.`, {
      remedy: 'Run it from its menu in the Explorer.',
    });
  }
  const triggerSubjects = await askSubjects(file, services.memory);
  if (triggerSubjects === undefined) return undefined;
  return runOnSubjects(services, artifact, triggerSubjects);
}
