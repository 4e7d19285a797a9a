import * as vscode from 'vscode';
import { triggerSubjectsOf } from '../askSubject.ts';
import { launchConfiguration } from '../debug/nexConfiguration.ts';
import { programFile } from '../programFile.ts';
import type { Services } from '../services.ts';

/** Runs a file on its trigger subject with the debugger on. Resolves with whether a session has started. */
export async function debugFunction({ memory }: Services, uri?: unknown): Promise<boolean> {
  const file = await programFile(uri);
  const subject = await triggerSubjectsOf(file, memory);
  if (subject === undefined) return false;
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  return vscode.debug.startDebugging(folder, launchConfiguration({ program: file, subject }));
}
