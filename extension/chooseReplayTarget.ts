import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isFunctionType } from '../runtime/protocol/workloadTypes.ts';
import { describeWorkload } from './chooseWorkload.ts';
import { pathPatterns } from './ids.ts';
import { readLinkedWorkloads, type WorkloadEntry } from './node/nodeEntries.ts';
import type { Services } from './services.ts';

/** Into what a message is replayed: a workload that runs, or a file that is deployed for it. */
export type ReplayTarget =
  { kind: 'workload'; workload: WorkloadEntry } | { kind: 'file'; file: string };

/** More files than a person reads through; the list can be typed into. */
const listedFiles = 200;

/** Lets the person choose between the workloads that run and the functions of the workspace. */
export async function chooseReplayTarget(
  { link }: Services,
  placeHolder: string,
): Promise<ReplayTarget | undefined> {
  const workloads = await readLinkedWorkloads(link, link.requireNode());
  const running = workloads.filter(({ type }) => isFunctionType(type));
  const programs = new Set(running.map(({ program }) => program));
  const files = await vscode.workspace.findFiles(
    '**/*.{js,mjs,cjs,ts,mts,cts,wasm}',
    '**/{node_modules,dist,.*}/**',
    listedFiles,
  );
  const functions = running.map((workload): Pick => ({
    ...describeWorkload(workload),
    target: { kind: 'workload', workload },
  }));
  const others = files
    .map(({ fsPath }) => fsPath)
    .filter((file) => pathPatterns.function.test(file) && !programs.has(file))
    .map((file): Pick => ({
      label: `$(file-code) ${basename(file)}`,
      description: vscode.workspace.asRelativePath(file),
      target: { kind: 'file', file },
    }));
  const picks = [...section('running', functions), ...section('files', others)];
  return (await vscode.window.showQuickPick(picks, { placeHolder, matchOnDescription: true }))
    ?.target;
}

type Pick = vscode.QuickPickItem & { target?: ReplayTarget };

function section(label: string, items: readonly Pick[]): Pick[] {
  if (items.length === 0) return [];
  return [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
