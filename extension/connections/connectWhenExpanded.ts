import type * as vscode from 'vscode';
import { showError } from '../showError.ts';
import type { NodesItem } from '../views/nodesItem.ts';

/** A connection is made when somebody looks into it. One that failed is for its Connect button: it may be wrong. */
export function connectWhenExpanded(
  view: vscode.TreeView<NodesItem>,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return view.onDidExpandElement(({ element }) => {
    if (element.kind !== 'connection') return;
    const { connection } = element;
    const { kind, state } = connection;
    if (kind === 'local' || state.kind !== 'disconnected' || state.reason !== undefined) return;
    connection.connect().catch((error: unknown) => showError(error, log));
  });
}
