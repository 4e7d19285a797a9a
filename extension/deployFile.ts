import { basename } from 'node:path';
import * as vscode from 'vscode';
import { devrun, type DevrunOptions, type DevrunResult } from '../runtime/client/devrun.ts';
import { warningText } from '../runtime/protocol/warnings.ts';
import type { Services } from './services.ts';

type Deployment = Pick<
  DevrunOptions,
  'file' | 'triggerSubjects' | 'env' | 'extension' | 'namespace'
>;

/** Deploys a file as it is on disk, with a node started where none runs; says so where it takes longer. */
export async function deployFile(
  { link, log, nodesView }: Services,
  deployment: Deployment,
): Promise<DevrunResult> {
  const { connection, keys } = await link.ensure();
  const onMessage = (text: string) => log.info(text);
  const title = `Deploying ${basename(deployment.file)}`;
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title },
    () => devrun({ ...deployment, connection, keys, onMessage }),
  );
  const subjects = deployment.triggerSubjects.join(', ');
  log.info(`${result.name} ${result.replaced ? 'runs its new version' : 'runs'} on ${subjects}`);
  for (const warning of result.warnings) log.warn(`${result.name}: ${warningText(warning)}`);
  nodesView.refresh();
  return result;
}
