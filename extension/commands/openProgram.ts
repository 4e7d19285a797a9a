import * as vscode from 'vscode';
import { chooseWorkload } from '../chooseWorkload.ts';
import type { Services } from '../services.ts';

/** Opens the file that a workload was built from, or shows where it is if it is no text. */
export async function openProgram(services: Services, item?: unknown): Promise<void> {
  const workload = await chooseWorkload(services, item, 'Open the file of');
  if (workload?.program === undefined) return;
  const uri = vscode.Uri.file(workload.program);
  if (workload.type === 'v8') await vscode.window.showTextDocument(uri, { preview: true });
  else await vscode.commands.executeCommand('revealInExplorer', uri);
}
