import * as vscode from 'vscode';
import type { Connection, ConnectionKind } from '../connections/connection.ts';
import { itemContexts } from '../ids.ts';

const { TreeItemCollapsibleState: Collapsible } = vscode;

export function connectionItem(connection: Connection): vscode.TreeItem {
  const { id, kind, name, state } = connection;
  const item = new vscode.TreeItem(name, collapsibleOf(connection));
  // VS Code remembers by it what is expanded: what was lost is shown closed, and what is connected then opened, again.
  item.id = state.kind === 'connected' ? id : `${id}/off`;
  item.description = describe(connection);
  item.iconPath = icon(connection);
  item.contextValue = contextOf(connection);
  item.tooltip = new vscode.MarkdownString(
    [`**${name}**`, kindTexts[kind], describe(connection), reasonOf(connection)]
      .filter((line) => line !== '')
      .join(' \\\n'),
  );
  return item;
}

/** A line without anything below it; of several lines of text the first, and all of them where the mouse rests. */
export function noteItem(text: string, iconName: string): vscode.TreeItem {
  const item = new vscode.TreeItem(text.split('\n', 1).join());
  item.iconPath = new vscode.ThemeIcon(iconName);
  item.tooltip = text;
  return item;
}

const kindTexts: Readonly<Record<ConnectionKind, string>> = {
  local: 'the node of this window',
  context: 'a context of the nats command line',
  own: 'a connection that you added',
};

/** Where there is nothing to look into, there is no twistie, but for one that connects when it is expanded. */
function collapsibleOf({ kind, state }: Connection): vscode.TreeItemCollapsibleState {
  if (state.kind === 'connected') return Collapsible.Expanded;
  if (kind === 'local') return Collapsible.None;
  return state.kind === 'disconnected' && state.reason !== undefined
    ? Collapsible.Expanded
    : Collapsible.Collapsed;
}

function describe({ kind, place = '', state }: Connection): string {
  switch (state.kind) {
    case 'connected':
      return state.isLost === true ? `${place} · lost, reconnecting…` : place;
    case 'connecting':
      return `${place} · connecting…`;
    case 'disconnected':
      if (kind === 'local') return 'not running';
      return state.reason === undefined ? place : `${place} · not connected`;
  }
}

const reasonOf = ({ state }: Connection) =>
  state.kind === 'disconnected' ? (state.reason ?? '') : '';

function icon({ kind, state }: Connection): vscode.ThemeIcon {
  if (state.kind === 'connecting') return new vscode.ThemeIcon('loading~spin');
  if (state.kind === 'disconnected') {
    const name = state.reason === undefined ? 'circle-outline' : 'debug-disconnect';
    return new vscode.ThemeIcon(name);
  }
  if (state.isLost === true) {
    return new vscode.ThemeIcon('debug-disconnect', new vscode.ThemeColor('charts.yellow'));
  }
  const name = kind === 'local' ? 'device-desktop' : 'plug';
  return new vscode.ThemeIcon(name, new vscode.ThemeColor('charts.green'));
}

function contextOf({ kind, state }: Connection): string {
  if (kind === 'local') return itemContexts.localConnection;
  const isOff = state.kind === 'disconnected';
  if (kind === 'context') return isOff ? itemContexts.contextOff : itemContexts.contextOn;
  return isOff ? itemContexts.ownOff : itemContexts.ownOn;
}
