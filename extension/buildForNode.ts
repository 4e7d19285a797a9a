import * as vscode from 'vscode';
import type { Artifact } from '../runtime/client/artifacts.ts';
import { requireNode } from '../runtime/client/chooseNode.ts';
import { checkSize } from '../runtime/client/devrun.ts';
import { devrunTag, nexSourceLimit, type PingResponse } from '../runtime/protocol/controlApi.ts';
import { NexError } from '../runtime/protocol/nexError.ts';
import { warningText, type Warning } from '../runtime/protocol/warnings.ts';
import { tryBuild } from './buildFile.ts';
import type { ConnectedNats } from './connections/connection.ts';
import type { NodeEntry } from './node/nodeEntries.ts';
import type { Services } from './services.ts';

export interface FitArtifact {
  artifact: Artifact;
  node: PingResponse;
}

/**
 * Builds a file for one node, and checks that it runs there before anything is changed: errors refuse, of what a real
 * node would do otherwise the person decides. Throws `cancelled` where they do not want it.
 */
export async function buildForNode(
  { problems }: Pick<Services, 'problems'>,
  file: string,
  { control }: ConnectedNats,
  { nodeId, name, generation, version, tags }: NodeEntry,
): Promise<FitArtifact> {
  if (generation === '0.4') throw otherGeneration(name, version);
  const isReal = tags[devrunTag] === undefined;
  const artifact = isReal
    ? await buildForRealNode(problems, file)
    : await tryBuild(problems, file, {});
  if (isReal) checkSize(artifact);
  const node = await requireNode(control, artifact, nodeId);
  if (isReal) await confirmWarnings(name, artifact.warnings);
  return { artifact, node };
}

/** As `nexdev build` writes it; as short as possible only where it has to be. */
async function buildForRealNode(problems: Services['problems'], file: string): Promise<Artifact> {
  const artifact = await tryBuild(problems, file, { clean: { minify: false } });
  if (artifact.type !== 'v8' || artifact.bytes.length <= nexSourceLimit) return artifact;
  return tryBuild(problems, file, { clean: { minify: true } });
}

async function confirmWarnings(node: string, warnings: readonly Warning[]): Promise<void> {
  if (warnings.length === 0) return;
  const deploy = 'Deploy Anyway';
  const question = `It behaves otherwise on ${node}, which is a real Nex node.`;
  const detail = warnings.map((warning) => warningText(warning)).join('\n\n');
  const options = { modal: true, detail };
  const answer = await vscode.window.showWarningMessage(question, options, deploy);
  if (answer !== deploy) throw new NexError('cancelled', 'Nothing was deployed.');
}

const otherGeneration = (name: string, version: string) =>
  new NexError('other-generation', `${name} runs Nex ${version}, which has no functions.`, {
    remedy: 'Choose a node of Nex 0.3; use the nex program of that version for this one.',
  });
