import * as vscode from 'vscode';
import { findSubjectFault } from '../../runtime/protocol/triggerSubject.ts';
import { isFunctionType } from '../../runtime/protocol/workloadTypes.ts';
import { splitSubjects } from '../askSubject.ts';
import { chooseWorkload } from '../chooseWorkload.ts';
import { copyConfiguration } from '../debug/nexConfiguration.ts';
import type { WorkloadEntry } from '../node/nodeEntries.ts';
import { requireTrust } from '../programFile.ts';
import type { Services } from '../services.ts';

/** Debugs a copy of a workload on any connection: it gets the same messages and answers none. Resolves with whether it has started. */
export async function debugCopy(services: Services, item?: unknown): Promise<boolean> {
  requireTrust();
  const workload = await chooseWorkload(services, item, 'Function to debug a copy of', ({ type }) =>
    isFunctionType(type),
  );
  if (workload === undefined) return false;
  const subjects = await askUnknownSubjects(workload);
  if (subjects === undefined) return false;
  const folder = vscode.workspace.workspaceFolders?.[0];
  return vscode.debug.startDebugging(folder, copyConfiguration(workload, subjects));
}

/** A node that tells its subjects tells them to the adapter too. Undefined where the person cancels. */
async function askUnknownSubjects({
  name,
  type,
  hasDevApi,
}: WorkloadEntry): Promise<string[] | undefined> {
  if (hasDevApi === true || !isFunctionType(type)) return [];
  const answer = await vscode.window.showInputBox({
    title: `Trigger subjects of ${name}`,
    prompt:
      'Its node does not tell them. Several are separated by commas; leave it empty to learn them from the next messages.',
    ignoreFocusOut: true,
    validateInput: (text) => {
      const fault = given(text)
        .map(findSubjectFault)
        .find((one) => one !== undefined);
      return fault === undefined ? undefined : `This cannot be a trigger subject: ${fault}.`;
    },
  });
  return answer === undefined ? undefined : given(answer);
}

const given = (text: string) => (text.trim() === '' ? [] : splitSubjects(text));
