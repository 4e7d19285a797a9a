import * as vscode from 'vscode';
import { commands, nodeStateContext, views } from './ids.ts';
import type { NodeLink, NodeState } from './node/nodeLink.ts';

/** Shows the state of the node in the status bar and in the context key that menus and welcome texts look at. */
export function showNodeStatus(link: NodeLink): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('nex.node', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Nex node';
  const show = (state: NodeState) => {
    Object.assign(item, appearance(state));
    void vscode.commands.executeCommand('setContext', nodeStateContext, contextValues[state.kind]);
  };
  show(link.state);
  item.show();
  return vscode.Disposable.from(item, link.onDidChange(show));
}

const contextValues = {
  disconnected: 'stopped',
  connecting: 'starting',
  connected: 'running',
} as const satisfies Record<NodeState['kind'], string>;

function appearance(state: NodeState): Pick<vscode.StatusBarItem, 'text' | 'tooltip' | 'command'> {
  const command = `${views.nodes}.focus`;
  switch (state.kind) {
    case 'disconnected':
      return {
        text: '$(circle-outline) Nex',
        tooltip: 'No Nex node runs. Click to start the local node.',
        command: commands.startNode,
      };
    case 'connecting':
      return { text: '$(loading~spin) Nex', tooltip: 'The Nex node is starting.', command };
    case 'connected': {
      const { url, nodeId } = state.nats;
      const tooltip = new vscode.MarkdownString(`Nex node on ${url}\n\n${nodeId}`);
      return { text: `$(vm-active) Nex ${new URL(url).host}`, tooltip, command };
    }
  }
}
