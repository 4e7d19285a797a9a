import * as vscode from 'vscode';

/** Presses Enter on whatever VS Code asks until a command has come to its end. */
export async function acceptQuickInput<Result>(command: Thenable<Result>): Promise<Result> {
  let isOver = false;
  const over = (async () => {
    try {
      return await command;
    } finally {
      isOver = true;
    }
  })();
  const press = async () => {
    while (!isDone()) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const isDone = () => isOver;
  const [result] = await Promise.all([over, press()]);
  return result;
}
