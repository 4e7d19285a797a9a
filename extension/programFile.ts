import * as vscode from 'vscode';
import { NexError } from '../runtime/protocol/nexError.ts';

/** Functions run from files of this machine, and only where the workspace is trusted. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new NexError(
    'workspace-untrusted',
    'This folder is in Restricted Mode: nothing of it runs.',
    {
      remedy: 'Trust the folder first.',
    },
  );
}

/** The file a command is meant for, saved: the one given, else the active editor's. */
export async function programFile(given: unknown): Promise<string> {
  requireTrust();
  const uri = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined) {
    throw new NexError('no-file', 'No file is open.', { remedy: 'Open the file of a function.' });
  }
  if (uri.scheme !== 'file') {
    throw new NexError('file-not-on-disk', `${uri.path} is not on disk.`, {
      remedy: 'Save it as a .js file first.',
    });
  }
  const document = vscode.workspace.textDocuments.find(
    (one) => one.uri.toString() === uri.toString(),
  );
  if (document?.isDirty === true && !(await document.save())) {
    throw new NexError('file-not-saved', `${uri.fsPath} could not be saved.`, {
      remedy: 'Save it and try again.',
    });
  }
  return uri.fsPath;
}
