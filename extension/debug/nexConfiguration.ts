import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { debugType } from '../ids.ts';
import type { WorkloadEntry } from '../node/nodeEntries.ts';

export interface LaunchMembers {
  program: string;
  subject: string[];
  replay?: { stream: string; seq: number };
}

/** A configuration that deploys a file with the debugger on. */
export function launchConfiguration({
  program,
  subject,
  replay,
}: LaunchMembers): vscode.DebugConfiguration {
  const what = replay === undefined ? subject.join(', ') : `${replay.stream} #${replay.seq}`;
  return {
    type: debugType,
    request: 'launch',
    name: `${basename(program)} on ${what}`,
    program,
    subject,
    ...(replay === undefined ? {} : { replay }),
  };
}

/** A configuration that debugs a copy of a workload. */
export const copyConfiguration = (
  { name, nodeId: node, namespace, connectionId: connection }: WorkloadEntry,
  subject: string[],
): vscode.DebugConfiguration => ({
  connection,
  type: debugType,
  request: 'launch',
  name: `Copy of ${name}`,
  copyOf: { workload: name, node, namespace },
  ...(subject.length === 0 ? {} : { subject }),
});

/** A configuration that debugs a workload which runs already. */
export const attachConfiguration = (
  workload: string,
  namespace: string,
): vscode.DebugConfiguration => ({
  type: debugType,
  request: 'attach',
  name: workload,
  workload,
  namespace,
});
