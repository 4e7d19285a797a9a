import * as vscode from 'vscode';
import { debuggerKinds } from '../../runtime/protocol/serviceDebugger.ts';
import { debugService } from '../debug/debugService.ts';
import { serviceDebuggers, type DebuggerKind } from '../debug/serviceDebuggers.ts';
import { programFile } from '../programFile.ts';
import type { Services } from '../services.ts';
import { isNodesItem } from '../views/nodesItem.ts';

/** Runs a service under a debugger of its language, which is asked for. Resolves with whether a session has started. */
export async function debugServiceWith(services: Services, target?: unknown): Promise<boolean> {
  const program = await programFile(serviceFile(target));
  const kind = await chooseDebugger(program);
  if (kind === undefined) return false;
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(program));
  return debugService(services, { program, debugger: { kind }, folder });
}

function serviceFile(target: unknown): unknown {
  if (!isNodesItem(target) || target.kind !== 'workload') return target;
  const { program } = target.workload;
  return program === undefined ? undefined : vscode.Uri.file(program);
}

/** Those that the file's name speaks for come first. */
async function chooseDebugger(program: string): Promise<DebuggerKind | undefined> {
  const items = debuggerKinds.map((kind) => {
    const { label, detail, files } = serviceDebuggers[kind];
    return { label, description: detail, chosen: kind, isLikely: files.test(program) };
  });
  items.sort((a, b) => Number(b.isLikely) - Number(a.isLikely));
  const options = { title: 'Debug Service With', placeHolder: 'Debugger of its language' };
  return (await vscode.window.showQuickPick(items, options))?.chosen;
}
