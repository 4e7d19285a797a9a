import { basename, extname } from 'node:path';
import * as vscode from 'vscode';
import { findSubjectFault } from '../runtime/protocol/triggerSubject.ts';
import type { TriggerMemory } from './triggerMemory.ts';

/** The trigger subjects of a file: asked for once, then remembered. Undefined where the person cancels. */
export async function triggerSubjectsOf(
  file: string,
  memory: TriggerMemory,
): Promise<string[] | undefined> {
  const remembered = memory.get(file) ?? [];
  // It may have run as a service, which has none.
  return remembered.length > 0 ? remembered : askSubjects(file, memory);
}

/** Asks for the trigger subjects of a file, and remembers them. Undefined where the person cancels. */
export async function askSubjects(
  file: string,
  memory: TriggerMemory,
): Promise<string[] | undefined> {
  const answer = await vscode.window.showInputBox({
    title: `Trigger subject of ${basename(file)}`,
    prompt:
      'Messages on this subject run the function. Several are separated by commas; * and > are wildcards.',
    value: memory.get(file)?.join(', ') ?? suggestSubject(file),
    ignoreFocusOut: true,
    validateInput: (text) => {
      const fault = splitSubjects(text)
        .map(findSubjectFault)
        .find((one) => one !== undefined);
      return fault === undefined ? undefined : `This cannot be a trigger subject: ${fault}.`;
    },
  });
  if (answer === undefined) return undefined;
  const subjects = splitSubjects(answer);
  await memory.set(file, subjects);
  return subjects;
}

export const splitSubjects = (text: string) => text.split(',').map((subject) => subject.trim());

const suggestSubject = (file: string) => basename(file, extname(file)).replaceAll(/\s+/g, '-');
