import { basename } from 'node:path';
import * as vscode from 'vscode';
import { watchArtifact, type Artifact } from '../runtime/client/artifacts.ts';
import { workloadTypes, type WorkloadType } from '../runtime/protocol/workloadTypes.ts';
import { deployFile } from './deployFile.ts';
import { readLinkedWorkloads } from './node/nodeEntries.ts';
import type { Services } from './services.ts';
import { showError } from './showError.ts';

/**
 * Deploys a program again whenever it, or a file that it is made from, changes, for as long as it runs, where this
 * workspace has run it. A version that does not build leaves the one that runs.
 */
export function reloadLive(services: Services): vscode.Disposable {
  const watches = new Map<string, AbortController>();
  const follow = () => {
    const running = new Map(followedPrograms(services));
    for (const [program, watch] of watches) {
      if (running.has(program)) continue;
      watch.abort();
      watches.delete(program);
    }
    for (const [program, type] of running) {
      if (watches.has(program)) continue;
      const watch = new AbortController();
      watches.set(program, watch);
      void redeployOnChange(services, { program, type }, watch.signal);
    }
  };
  const stop = () => watches.forEach((watch) => watch.abort());
  return vscode.Disposable.from(services.nodesView.onDidChange(follow), { dispose: stop });
}

/** Each with the type that it runs as: a `.js` file may be a service. */
function* followedPrograms({
  link,
  memory,
  nodesView,
}: Services): Generator<[string, WorkloadType]> {
  const node = nodesView.nodes.find(({ nodeId }) => nodeId === link.node?.nodeId);
  for (const { program, type: name } of node?.workloads ?? []) {
    const type = workloadTypes.find((one) => one === name);
    if (program === undefined || type === undefined) continue;
    if (memory.get(program) !== undefined) yield [program, type];
  }
}

/** Says once that the newest version does not build; the Problems view goes on saying why. */
async function redeployOnChange(
  services: Services,
  { program, type }: { program: string; type: WorkloadType },
  signal: AbortSignal,
): Promise<void> {
  let isBroken = false;
  const built = services.built.get(program);
  for await (const { artifact, error } of watchArtifact(program, signal, built, { type })) {
    try {
      if (artifact === undefined) throw error;
      services.problems.showWarnings(program, artifact.warnings);
      await redeploy(services, artifact);
      isBroken = false;
    } catch (fault) {
      if (artifact === undefined) services.problems.showError(program, fault);
      if (!isBroken) void showError(fault, services.log);
      isBroken = artifact === undefined;
    }
  }
}

async function redeploy(services: Services, artifact: Artifact): Promise<void> {
  const { link } = services;
  if (link.node === undefined) return;
  for (const workload of await readLinkedWorkloads(link, link.node)) {
    // The watch also reports what it finds at first, which may well be what runs.
    if (workload.program !== artifact.record.program || workload.hash === artifact.hash) continue;
    if (workload.debugger !== undefined) {
      void vscode.window.showInformationMessage(stillDebugged(artifact.record.program));
      continue;
    }
    await deployFile(services, {
      artifact,
      namespace: workload.namespace,
      triggerSubjects: [...workload.triggerSubjects],
      // What is being debugged waits until its breakpoints are set.
      extension: { reload: true, waitForDebugger: services.sessions.find(workload) !== undefined },
    });
    void vscode.window.setStatusBarMessage(`$(check) ${workload.name} runs its new version`, 4000);
  }
}

/** Its successor would have no debugger, and end the session. */
const stillDebugged = (program: string) =>
  `${basename(program)} has changed; its old version goes on in the debugger. Stop it and debug again for the new one.`;
