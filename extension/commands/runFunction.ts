import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DevrunResult } from '../../runtime/client/devrun.ts';
import { warningText, type Warning } from '../../runtime/protocol/warnings.ts';
import { triggerSubjectsOf } from '../askSubject.ts';
import { deployFile } from '../deployFile.ts';
import { commands } from '../ids.ts';
import { programFile } from '../programFile.ts';
import type { Services } from '../services.ts';

/** Runs a file on its trigger subject, which is asked for once. Resolves with what was deployed. */
export async function runFunction(
  services: Services,
  uri?: unknown,
): Promise<DevrunResult | undefined> {
  const file = await programFile(uri);
  const triggerSubjects = await triggerSubjectsOf(file, services.memory);
  if (triggerSubjects === undefined) return undefined;
  return runOnSubjects(services, file, triggerSubjects);
}

/** Deploys and tells the person, who can send the first message from there. */
export async function runOnSubjects(
  services: Services,
  file: string,
  triggerSubjects: string[],
): Promise<DevrunResult> {
  const result = await deployFile(services, { file, triggerSubjects });
  void offerNext(file, triggerSubjects, result.warnings);
  return result;
}

async function offerNext(file: string, subjects: string[], warnings: Warning[]): Promise<void> {
  const send = 'Send Message…';
  const logs = 'Show Logs';
  const runs = `${basename(file)} runs on ${subjects.join(', ')}.`;
  const answer = await (warnings.length === 0
    ? vscode.window.showInformationMessage(runs, send, logs)
    : vscode.window.showWarningMessage([runs, ...warnings.map(warningText)].join(' '), send, logs));
  if (answer === send) await vscode.commands.executeCommand(commands.sendMessage, subjects[0]);
  if (answer === logs) await vscode.commands.executeCommand(commands.showLogs);
}
