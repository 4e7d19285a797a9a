import * as vscode from 'vscode';
import type { ReplayReply } from '../../runtime/protocol/devApi.ts';
import { chooseReplayTarget, type ReplayTarget } from '../chooseReplayTarget.ts';
import { confirmReplay } from '../confirmReplay.ts';
import { buildFile } from '../buildFile.ts';
import { deployFile } from '../deployFile.ts';
import { messageOf } from '../messageOf.ts';
import type { MessageEntry } from '../node/jetStream.ts';
import { requireTrust } from '../programFile.ts';
import type { Services } from '../services.ts';

/** Runs a stored message through a function and shows its result. Resolves with the node's answer. */
export async function replayMessage(
  services: Services,
  item?: unknown,
): Promise<ReplayReply | undefined> {
  requireTrust();
  const message = messageOf(item);
  const name = `${message.stream} #${message.seq}`;
  const target = await chooseReplayTarget(services, `Replay ${name} into`);
  if (target === undefined) return undefined;
  await confirmReplay(services.state);
  const reply = await replay(services, await workloadOf(services, target), message);
  const { outcome } = reply;
  const text = outcome.kind === 'returned' ? outcome.text : (outcome.stack ?? outcome.text);
  services.log.info(`replay of ${name} (${reply.subject}) ${outcome.kind}: ${text}`);
  showOutcome(name, outcome);
  return reply;
}

interface Workload {
  nodeId: string;
  workload: string;
  namespace: string;
}

async function workloadOf(services: Services, target: ReplayTarget): Promise<Workload> {
  if (target.kind === 'workload') {
    const { nodeId, id: workload, namespace } = target.workload;
    return { nodeId, workload, namespace };
  }
  const { nodeId, workloadId, namespace } = await deployFile(services, {
    artifact: await buildFile(services, target.file),
    triggerSubjects: [],
    extension: { replayOnly: true },
  });
  return { nodeId, workload: workloadId, namespace };
}

function replay(
  { link }: Services,
  { nodeId, workload, namespace }: Workload,
  { stream, seq }: MessageEntry,
): Thenable<ReplayReply> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Replaying ${stream} #${seq}`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, (_, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    const dev = link.dev(link.requireNode(), nodeId);
    return dev.replay({ workload, namespace, stream, seq }, controller.signal);
  });
}

function showOutcome(name: string, outcome: ReplayReply['outcome']): void {
  const text = outcome.text.length > 300 ? `${outcome.text.slice(0, 300)}…` : outcome.text;
  if (outcome.kind === 'returned') {
    void vscode.window.showInformationMessage(`Replay of ${name} returned: ${text}`);
  } else {
    void vscode.window.showErrorMessage(`Replay of ${name} failed: ${text}`);
  }
}
