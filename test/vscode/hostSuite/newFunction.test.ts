import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { commands } from '../../../extension/ids.ts';
import { acceptQuickInput } from './acceptQuickInput.ts';
import { seatPerson } from './personsAnswers.ts';

describe('New Function', () => {
  const create = () =>
    acceptQuickInput(vscode.commands.executeCommand<string | undefined>(commands.newFunction));

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('writes the first template under the suggested name and opens it, and never over a file', async () => {
    const source = await create();
    assert.match(source ?? '', /hello\.js$/);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, source);
    const text = await readFile(source ?? '', 'utf8');
    assert.match(text, /\(subject, payload\) =>/);
    const person = seatPerson();
    assert.equal(await create(), undefined);
    person.dispose();
    assert.match(person.seen.join('\n'), /hello\.js is there already/);
  });
});
