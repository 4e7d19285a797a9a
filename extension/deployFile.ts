import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact } from '../runtime/client/artifacts.ts';
import { devrun, type DevrunOptions, type DevrunResult } from '../runtime/client/devrun.ts';
import { warningText } from '../runtime/protocol/warnings.ts';
import type { Services } from './services.ts';

interface Deployment extends Pick<
  DevrunOptions,
  'triggerSubjects' | 'env' | 'argv' | 'extension' | 'namespace'
> {
  artifact: Artifact;
}

/** Deploys what a file was built to, with a node started where none runs; says so where it takes longer. */
export async function deployFile(
  { link, log, nodesView, problems }: Services,
  deployment: Deployment,
): Promise<DevrunResult> {
  const file = deployment.artifact.record.program;
  const { connection, keys } = await link.ensure();
  const onMessage = (text: string) => log.info(text);
  const title = `Deploying ${basename(file)}`;
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title },
    () => devrun({ ...deployment, file, connection, keys, onMessage }),
  );
  const runs = `${result.name} ${result.replaced ? 'runs its new version' : 'runs'}`;
  log.info(runs + onSubjects(deployment.triggerSubjects));
  for (const warning of result.warnings) log.warn(`${result.name}: ${warningText(warning)}`);
  problems.showWarnings(file, result.warnings);
  nodesView.refresh();
  return result;
}

/** ` on a, b`; empty where there is no subject, as for services. */
export const onSubjects = (subjects: readonly string[]) =>
  subjects.length === 0 ? '' : ` on ${subjects.join(', ')}`;
