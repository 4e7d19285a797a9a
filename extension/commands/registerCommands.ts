import * as vscode from 'vscode';
import { commands, type CommandId } from '../ids.ts';
import type { Services } from '../services.ts';
import { showError } from '../showError.ts';
import { addConnection } from './addConnection.ts';
import type { Command } from './command.ts';
import { connect } from './connect.ts';
import { copyId } from './copyId.ts';
import { debugCopy } from './debugCopy.ts';
import { debugFunction } from './debugFunction.ts';
import { debugMessage } from './debugMessage.ts';
import { debugServiceWith } from './debugServiceWith.ts';
import { debugWorkload } from './debugWorkload.ts';
import { deployToNode } from './deployToNode.ts';
import { devrunOnSubject } from './devrunOnSubject.ts';
import { disconnect } from './disconnect.ts';
import { editConnection } from './editConnection.ts';
import { lameDuck } from './lameDuck.ts';
import { newFunction } from './newFunction.ts';
import { openProgram } from './openProgram.ts';
import { redeployWorkload } from './redeployWorkload.ts';
import { refresh } from './refresh.ts';
import { removeConnection } from './removeConnection.ts';
import { replayMessage } from './replayMessage.ts';
import { runFunction } from './runFunction.ts';
import { sendMessage } from './sendMessage.ts';
import { showLogs } from './showLogs.ts';
import { startNode } from './startNode.ts';
import { stopWorkload } from './stopWorkload.ts';
import { testConnection } from './testConnection.ts';

const table: Readonly<Record<CommandId, Command>> = {
  [commands.runFunction]: runFunction,
  [commands.debugFunction]: debugFunction,
  // One run for both: what a file is, is told by its content. The menus have a wording for each.
  [commands.runService]: runFunction,
  [commands.debugServiceWith]: debugServiceWith,
  [commands.newFunction]: newFunction,
  [commands.devrunOnSubject]: devrunOnSubject,
  [commands.startNode]: startNode,
  [commands.stopWorkload]: stopWorkload,
  [commands.debugWorkload]: debugWorkload,
  [commands.openProgram]: openProgram,
  [commands.sendMessage]: sendMessage,
  [commands.showLogs]: showLogs,
  [commands.replayMessage]: replayMessage,
  [commands.debugMessage]: debugMessage,
  [commands.refresh]: refresh,
  [commands.addConnection]: addConnection,
  [commands.editConnection]: editConnection,
  [commands.removeConnection]: removeConnection,
  [commands.testConnection]: testConnection,
  [commands.connect]: connect,
  [commands.disconnect]: disconnect,
  [commands.deployToNode]: deployToNode,
  [commands.redeployWorkload]: redeployWorkload,
  [commands.lameDuck]: lameDuck,
  [commands.copyId]: copyId,
  [commands.debugCopy]: debugCopy,
};

/** Registers every command; what one throws is shown to the person who gave it. */
export function registerCommands(services: Services): vscode.Disposable {
  const registrations = Object.entries(table).map(([id, command]) =>
    vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
      try {
        return await command(services, ...args);
      } catch (error) {
        void showError(error, services.log);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}
