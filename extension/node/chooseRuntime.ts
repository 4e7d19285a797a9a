import * as vscode from 'vscode';
import { findRuntimeNode, type RuntimeNode } from '../../runtime/client/runtimeNode.ts';
import { readSettings } from '../nexSettings.ts';

/** The Node that runs functions and the debug adapter; asks before one is fetched. */
export function chooseRuntime(
  onProgress: (text: string) => void,
  signal?: AbortSignal,
): Promise<RuntimeNode> {
  return findRuntimeNode({
    nodePath: readSettings().nodePath,
    confirm: async ({ version, megabytes }) => {
      const fetch = 'Fetch It';
      const answer = await vscode.window.showInformationMessage(
        'Functions need Node 24 or 26, and there is none on PATH.',
        {
          modal: true,
          detail: `Node ${version} (${megabytes} MB) can be fetched once from the npm registry; its checksum is verified.`,
        },
        fetch,
      );
      return answer === fetch;
    },
    onProgress,
    signal,
  });
}
