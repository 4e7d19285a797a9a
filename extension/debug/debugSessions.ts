import * as vscode from 'vscode';
import { debugType } from '../ids.ts';
import type { WorkloadEntry } from '../node/nodeEntries.ts';

/** The sessions of ours that are alive: VS Code lists only the active one. */
export class DebugSessions {
  readonly #sessions = new Set<vscode.DebugSession>();
  readonly #subscriptions: vscode.Disposable;

  constructor() {
    this.#subscriptions = vscode.Disposable.from(
      vscode.debug.onDidStartDebugSession((session) => {
        if (session.type === debugType) this.#sessions.add(session);
      }),
      vscode.debug.onDidTerminateDebugSession((session) => this.#sessions.delete(session)),
    );
  }

  /** The session that debugs a workload. */
  find({ program, name, id }: WorkloadEntry): vscode.DebugSession | undefined {
    return [...this.#sessions].find(
      ({ configuration }) =>
        (program !== undefined && configuration['program'] === program) ||
        [name, id].includes(String(configuration['workload'])),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
