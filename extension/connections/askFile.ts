import * as vscode from 'vscode';

/**
 * Asks for the path of a file.
 *
 * @param what what the file is
 * @param before where the dialogue begins
 */
export async function askFile(
  title: string,
  what: string,
  before?: string,
): Promise<string | undefined> {
  const defaultUri = before === undefined ? {} : { defaultUri: vscode.Uri.file(before) };
  const files = await vscode.window.showOpenDialog({
    title: `${title}: ${what}`,
    openLabel: 'Use This File',
    ...defaultUri,
  });
  return files?.[0]?.fsPath;
}
