import * as vscode from 'vscode';

/** Asks for a line. Resolves with it without blanks around it. */
export async function askText(
  title: string,
  prompt: string,
  value: string,
  validateInput: (text: string) => string | undefined,
): Promise<string | undefined> {
  const options = { title, prompt, value, validateInput, ignoreFocusOut: true };
  return (await vscode.window.showInputBox(options))?.trim();
}

export const refuseEmpty = (text: string): string | undefined =>
  text.trim() === '' ? 'It cannot be empty.' : undefined;
