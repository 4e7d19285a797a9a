import * as vscode from 'vscode';
import { chooseReplayTarget, type ReplayTarget } from '../chooseReplayTarget.ts';
import { confirmReplay } from '../confirmReplay.ts';
import { launchConfiguration } from '../debug/nexConfiguration.ts';
import { messageOf } from '../messageOf.ts';
import type { MessageEntry } from '../node/jetStream.ts';
import { requireTrust } from '../programFile.ts';
import type { Services } from '../services.ts';

/** Runs a stored message through a function with the debugger on. Resolves with whether it has begun. */
export async function debugMessage(services: Services, item?: unknown): Promise<boolean> {
  requireTrust();
  const message = messageOf(item);
  const target = await chooseReplayTarget(
    services,
    `Replay ${message.stream} #${message.seq} under the debugger into`,
  );
  if (target === undefined) return false;
  await confirmReplay(services.state);
  return startReplay(services, target, message);
}

async function startReplay(
  services: Services,
  target: ReplayTarget,
  { stream, seq }: MessageEntry,
): Promise<boolean> {
  const replay = { stream, seq };
  if (target.kind === 'file') return launch(target.file, [], replay);
  const { workload } = target;
  if (services.sessions.find(workload) !== undefined) {
    replayIntoSession(services, target, replay);
    return true;
  }
  if (workload.program === undefined) {
    void vscode.window.showInformationMessage(
      `The file of ${workload.name} is not known here: attach to it with Debug workload, then replay.`,
    );
    return false;
  }
  return launch(workload.program, [...workload.triggerSubjects], replay);
}

/** The session that debugs the workload stops in the replay as in any message; its end comes in the log. */
function replayIntoSession(
  { link, log }: Services,
  { workload }: Extract<ReplayTarget, { kind: 'workload' }>,
  replay: { stream: string; seq: number },
): void {
  const { id, namespace, nodeId } = workload;
  const name = `replay of ${replay.stream} #${replay.seq}`;
  link
    .dev(link.requireNode(), nodeId)
    .replay({ workload: id, namespace, ...replay })
    .then(
      ({ outcome }) => log.info(`${name} ${outcome.kind}: ${outcome.text}`),
      (error: unknown) => log.error(`${name}: ${String(error)}`),
    );
}

function launch(
  program: string,
  subject: string[],
  replay: { stream: string; seq: number },
): Thenable<boolean> {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(program));
  return vscode.debug.startDebugging(folder, launchConfiguration({ program, subject, replay }));
}
