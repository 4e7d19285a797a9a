import * as vscode from 'vscode';
import { settings, type SettingId } from './ids.ts';

export interface NexSettings {
  /** What to do where a NATS server already runs on port 4222. */
  nats: 'ask' | 'join' | 'separate';
  serverUrl: string | undefined;
  nodePath: string | undefined;
  natsServerPath: string | undefined;
}

export function readSettings(): NexSettings {
  const nats = read(settings.nats);
  return {
    nats: nats === 'join' || nats === 'separate' ? nats : 'ask',
    serverUrl: read(settings.serverUrl),
    nodePath: read(settings.nodePath),
    natsServerPath: read(settings.natsServerPath),
  };
}

/** Remembers an answer for this workspace; without one, for the user. */
export async function rememberNats(choice: 'join' | 'separate'): Promise<void> {
  const target =
    vscode.workspace.workspaceFolders === undefined
      ? vscode.ConfigurationTarget.Global
      : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration().update(settings.nats, choice, target);
}

/** An empty setting is none. */
function read(id: SettingId): string | undefined {
  const value = vscode.workspace.getConfiguration().get<unknown>(id);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
