import * as vscode from 'vscode';
import { triggerSubjectsOf } from '../askSubject.ts';
import { buildFunction } from '../buildFile.ts';
import { launchConfiguration } from '../debug/nexConfiguration.ts';
import { programFile } from '../programFile.ts';
import type { Services } from '../services.ts';

/** Runs a file on its trigger subject with the debugger on. Resolves with whether a session has started. */
export async function debugFunction(services: Services, uri?: unknown): Promise<boolean> {
  const file = await programFile(uri);
  // Before a subject is asked for, which a service does not have.
  await buildFunction(services, file);
  const subject = await triggerSubjectsOf(file, services.memory);
  if (subject === undefined) return false;
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  return vscode.debug.startDebugging(folder, launchConfiguration({ program: file, subject }));
}
