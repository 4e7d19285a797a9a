import * as vscode from 'vscode';
import { chooseWorkload } from '../chooseWorkload.ts';
import type { Services } from '../services.ts';

/** Opens the file that a workload was built from. */
export async function openProgram(services: Services, item?: unknown): Promise<void> {
  const workload = await chooseWorkload(services, item, 'Open the file of');
  if (workload?.program === undefined) return;
  await vscode.window.showTextDocument(vscode.Uri.file(workload.program), { preview: true });
}
