import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DevrunResult } from '../../runtime/client/devrun.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';
import type { DebuggerAddress, ServiceDebugger } from '../../runtime/protocol/serviceDebugger.ts';
import { buildFile } from '../buildFile.ts';
import { deployFile } from '../deployFile.ts';
import type { Services } from '../services.ts';
import { serviceDebuggers, type Attachment, type DebuggerKind } from './serviceDebuggers.ts';

export interface ServiceLaunch {
  program: string;
  debugger: ServiceDebugger;
  env?: Record<string, string>;
  argv?: string[];
  namespace?: string | undefined;
  folder: vscode.WorkspaceFolder | undefined;
}

/**
 * Deploys a service under its own debugger and has that debugger's extension attach to it. The workload ends with the
 * session. Resolves with whether one has started.
 */
export async function debugService(services: Services, launch: ServiceLaunch): Promise<boolean> {
  const { program, debugger: wanted, folder, env = {}, argv = [], namespace } = launch;
  const attachment = installedAttachment(wanted.kind);
  if (attachment === undefined) return offerExtensions(wanted.kind);
  const artifact = await buildFile(services, program, 'native');
  const workload = await deployFile(services, {
    ...{ artifact, env, argv, namespace, triggerSubjects: [] },
    extension: { debugger: wanted },
  });
  const ending = stopWithSession(services, workload);
  let started = false;
  try {
    const address = await addressOf(services, workload);
    started = await vscode.debug.startDebugging(folder, {
      ...attachment.configuration({ address, program }),
      name: `${basename(program)} (${wanted.kind})`,
      [workloadMember]: workload.workloadId,
    });
  } finally {
    if (!started) await ending.now();
  }
  return started;
}

/** Marks a session of another debugger as one for a workload of ours. */
const workloadMember = 'nexWorkload';

const installedAttachment = (kind: DebuggerKind): Attachment | undefined =>
  serviceDebuggers[kind].attachments.find(
    ({ extension }) => vscode.extensions.getExtension(extension) !== undefined,
  );

async function offerExtensions(kind: DebuggerKind): Promise<false> {
  const { label, detail, attachments } = serviceDebuggers[kind];
  const ids = attachments.map(({ extension }) => extension);
  const search = 'Search Extensions';
  const text = `${label} needs an extension for ${detail} in VS Code: ${ids.join(' or ')}.`;
  if ((await vscode.window.showErrorMessage(text, search)) === search) {
    await vscode.commands.executeCommand('workbench.extensions.search', ids[0]);
  }
  return false;
}

async function addressOf(
  { link }: Services,
  { nodeId, workloadId, name }: DevrunResult,
): Promise<DebuggerAddress> {
  const workloads = await link.dev(link.requireNode(), nodeId).workloads();
  const address = workloads.find(({ id }) => id === workloadId)?.debugger;
  if (address !== undefined) return address;
  throw new NexError('debugger-missing', `${name} runs without its debugger.`, {
    remedy: 'Stop it and try again; the log may say more.',
  });
}

/** Stops the workload when its session is over, or `now`. */
function stopWithSession({ link, log }: Services, workload: DevrunResult) {
  const { nodeId, namespace, workloadId } = workload;
  const stop = async () => {
    subscription.dispose();
    const { control, keys } = link.requireNode();
    await control.stop({ nodeId, namespace, workloadId }, keys.issuer);
  };
  const subscription = vscode.debug.onDidTerminateDebugSession(({ configuration }) => {
    if (configuration[workloadMember] !== workloadId) return;
    // It may have ended by itself, which is how the session came to its end.
    stop().catch((error: unknown) => log.debug(`${workload.name}: ${String(error)}`));
  });
  return { now: stop };
}
