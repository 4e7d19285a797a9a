import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import { fillIn, namePattern, templates, type Template } from '../newFunction/templates.ts';
import { writeTemplate } from '../newFunction/writeTemplate.ts';
import type { Services } from '../services.ts';

const title = 'New Function';

/** Writes a program to begin with, opens it and offers to run or build it. Resolves with its source file. */
export async function newFunction({ extensionPath }: Services): Promise<string | undefined> {
  const template = await chooseTemplate();
  const name = template && (await askName(template));
  if (template === undefined || name === undefined) return undefined;
  const folder = await chooseFolder();
  if (folder === undefined) return undefined;
  const workspace = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder))?.uri.fsPath;
  const source = await writeTemplate({
    ...{ extensionPath, template, name, folder },
    workspace: workspace ?? folder,
  });
  await vscode.window.showTextDocument(vscode.Uri.file(source));
  void offerNext(template, name, source, folder);
  return source;
}

async function chooseTemplate(): Promise<Template | undefined> {
  const items = templates.map((template) => ({
    label: template.label,
    detail: template.detail,
    template,
  }));
  const options = { title, placeHolder: 'Language and kind', matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.template;
}

const askName = (template: Template): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title: `${title}: ${template.label}`,
    prompt: 'Its name, for its files and, at first, its subject',
    value: 'hello',
    ignoreFocusOut: true,
    validateInput: (text) =>
      namePattern.test(text) ? undefined : 'A letter first, then letters, digits, - and _.',
  });

/** The folder that is open, or one of several; without one, the person points at it. */
async function chooseFolder(): Promise<string | undefined> {
  const open = vscode.workspace.workspaceFolders ?? [];
  if (open.length === 1) return open[0]?.uri.fsPath;
  if (open.length > 1) {
    const placeHolder = 'Folder of the new function';
    return (await vscode.window.showWorkspaceFolderPick({ placeHolder }))?.uri.fsPath;
  }
  const options = {
    title,
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: 'Create Here',
  };
  return (await vscode.window.showOpenDialog(options))?.[0]?.fsPath;
}

async function offerNext(
  { build }: Template,
  name: string,
  source: string,
  folder: string,
): Promise<void> {
  if (build === undefined) {
    const run = 'Run';
    const ready = `${basename(source)} is ready to run.`;
    if ((await vscode.window.showInformationMessage(ready, run)) !== run) return;
    await vscode.commands.executeCommand(commands.runFunction, vscode.Uri.file(source));
    return;
  }
  const command = fillIn(build.command, name);
  const program = basename(fillIn(build.output, name));
  const button = 'Build';
  const next = `"${command}" builds ${name}. Then right-click ${program} to run it.`;
  if ((await vscode.window.showInformationMessage(next, button)) !== button) return;
  const terminal = vscode.window.createTerminal({
    name: `Build ${name}`,
    cwd: join(folder, name),
    env: build.environment ?? {},
  });
  terminal.show();
  terminal.sendText(command);
}
