import { mkdirSync, watch } from 'node:fs';
import * as vscode from 'vscode';
import { nodeFilesDirectory } from '../../runtime/protocol/nodeFile.ts';

/** Calls back when a local node has started or ended. Where files cannot be watched, nodes are found when needed. */
export function watchNodeFiles(
  onChange: () => void,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  try {
    const directory = nodeFilesDirectory();
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const watcher = watch(directory, { persistent: false }, onChange);
    watcher.on('error', (error) => log.debug(`node files are not watched: ${error.message}`));
    return new vscode.Disposable(() => watcher.close());
  } catch (error) {
    log.debug(`node files are not watched: ${String(error)}`);
    return new vscode.Disposable(() => undefined);
  }
}
