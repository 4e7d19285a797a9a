import * as vscode from 'vscode';
import { deployFile } from './deployFile.ts';
import { readLinkedWorkloads, type WorkloadEntry } from './node/nodeEntries.ts';
import { readSourceFiles } from './node/sourceFiles.ts';
import type { Services } from './services.ts';
import { showError } from './showError.ts';

/**
 * Deploys a file again when it, or a file that it imports, is saved, where this workspace has run it and it still runs.
 * A version that does not build leaves the one that runs.
 */
export function redeployOnSave(services: Services): vscode.Disposable {
  return vscode.workspace.onDidSaveTextDocument((document) => {
    if (document.uri.scheme !== 'file') return;
    redeploy(services, document.uri.fsPath).catch((error: unknown) => {
      void showError(error, services.log);
    });
  });
}

async function redeploy(services: Services, saved: string): Promise<void> {
  const { node } = services.link;
  if (node === undefined || Object.keys(services.memory.all()).length === 0) return;
  for (const workload of await readLinkedWorkloads(services.link, node)) {
    const { program, hash, namespace } = workload;
    if (program === undefined || services.memory.get(program) === undefined) continue;
    if (program !== saved && !(await readSourceFiles(node, hash)).includes(saved)) continue;
    await deployFile(services, {
      file: program,
      namespace,
      triggerSubjects: [...workload.triggerSubjects],
      ...debugMembers(services, workload),
    });
    void vscode.window.setStatusBarMessage(`$(check) ${workload.name} runs its new version`, 4000);
  }
}

/** A workload that is being debugged keeps its environment, and waits until its breakpoints are set. */
function debugMembers({ sessions }: Services, workload: WorkloadEntry) {
  const session = sessions.find(workload);
  if (session === undefined) return {};
  const env: unknown = session.configuration['env'];
  return { env: env as Record<string, string>, extension: { waitForDebugger: true } };
}
