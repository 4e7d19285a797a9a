import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact } from '../../runtime/client/artifacts.ts';
import type { DevrunResult } from '../../runtime/client/devrun.ts';
import { warningText, type Warning } from '../../runtime/protocol/warnings.ts';
import { isFunctionType } from '../../runtime/protocol/workloadTypes.ts';
import { triggerSubjectsOf } from '../askSubject.ts';
import { buildFile } from '../buildFile.ts';
import { deployFile, onSubjects } from '../deployFile.ts';
import { commands } from '../ids.ts';
import { programFile } from '../programFile.ts';
import type { Services } from '../services.ts';

/**
 * Runs a file: a function on its trigger subject, which is asked for once, a service as it is. Which of them it is, its
 * content says. Resolves with what was deployed.
 */
export async function runFunction(
  services: Services,
  uri?: unknown,
): Promise<DevrunResult | undefined> {
  const file = await programFile(uri);
  const artifact = await buildFile(services, file);
  const isFunction = isFunctionType(artifact.type);
  const subjects = isFunction ? await triggerSubjectsOf(file, services.memory) : [];
  if (subjects === undefined) return undefined;
  if (!isFunction) await services.memory.set(file, []);
  return runOnSubjects(services, artifact, subjects);
}

/** Deploys and tells the person, who can send the first message from there. */
export async function runOnSubjects(
  services: Services,
  artifact: Artifact,
  triggerSubjects: string[],
): Promise<DevrunResult> {
  const result = await deployFile(services, { artifact, triggerSubjects });
  void offerNext(artifact.record.program, triggerSubjects, result.warnings);
  return result;
}

async function offerNext(file: string, subjects: string[], warnings: Warning[]): Promise<void> {
  const logs = 'Show Logs';
  const [subject] = subjects;
  // A service says itself what it answers on.
  const send = subject === undefined ? [] : ['Send Message…'];
  const runs = `${basename(file)} runs${onSubjects(subjects)}.`;
  const answer = await (warnings.length === 0
    ? vscode.window.showInformationMessage(runs, ...send, logs)
    : vscode.window.showWarningMessage(
        [runs, ...warnings.map((warning) => warningText(warning))].join(' '),
        ...send,
        logs,
      ));
  if (answer === logs) await vscode.commands.executeCommand(commands.showLogs);
  else if (answer !== undefined)
    await vscode.commands.executeCommand(commands.sendMessage, subject);
}
