import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact } from '../runtime/client/artifacts.ts';
import { devrun, type DevrunOptions, type DevrunResult } from '../runtime/client/devrun.ts';
import { warningText } from '../runtime/protocol/warnings.ts';
import { localConnectionId, type Connection } from './connections/connection.ts';
import type { Services } from './services.ts';

interface Deployment extends Pick<
  DevrunOptions,
  'triggerSubjects' | 'env' | 'argv' | 'extension' | 'namespace'
> {
  artifact: Artifact;
  /** Where to; the node of this window where not given, which is started where none runs. */
  target?: { connection: Connection; node: NonNullable<DevrunOptions['node']> };
}

/** Deploys what a file was built to; says so where it takes longer. */
export async function deployFile(
  services: Services,
  { target, ...deployment }: Deployment,
): Promise<DevrunResult> {
  const { link, log, nodesView, problems } = services;
  const file = deployment.artifact.record.program;
  const place = target?.connection ?? link;
  const { connection, keys } = await place.connect();
  const onMessage = (text: string) => log.info(text);
  const title = `Deploying ${basename(file)}`;
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title },
    () => devrun({ ...deployment, file, connection, keys, onMessage, node: target?.node }),
  );
  const runs = `${result.name} ${result.replaced ? 'runs its new version' : 'runs'}`;
  log.info(runs + onSubjects(deployment.triggerSubjects) + onPlace(place));
  for (const warning of result.warnings) log.warn(`${result.name}: ${warningText(warning)}`);
  problems.showWarnings(file, result.warnings);
  nodesView.addNamespace(place.id, result.namespace);
  nodesView.refresh();
  return result;
}

/** ` on a, b`; empty where there is no subject, as for services. */
export const onSubjects = (subjects: readonly string[]) =>
  subjects.length === 0 ? '' : ` on ${subjects.join(', ')}`;

const onPlace = ({ id, name }: Connection) => (id === localConnectionId ? '' : ` (${name})`);
