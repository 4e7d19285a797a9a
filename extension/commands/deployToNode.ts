import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DevrunResult } from '../../runtime/client/devrun.ts';
import { devrunTag } from '../../runtime/protocol/controlApi.ts';
import { warningText } from '../../runtime/protocol/warnings.ts';
import { isFunctionType } from '../../runtime/protocol/workloadTypes.ts';
import { askSubjects } from '../askSubject.ts';
import { buildForNode } from '../buildForNode.ts';
import { chooseDeployTarget, type DeployTarget } from '../connections/chooseDeployTarget.ts';
import { deployFile, onSubjects } from '../deployFile.ts';
import { programFile } from '../programFile.ts';
import type { Services } from '../services.ts';
import { isNodesItem } from '../views/nodesItem.ts';

/**
 * Deploys a file to a node of any connection, once it is clear that it runs there. From a node's menu, it is the file of
 * the active editor. Resolves with what was deployed.
 */
export async function deployToNode(
  services: Services,
  item?: unknown,
): Promise<DevrunResult | undefined> {
  const file = await programFile(item);
  const title = `Deploy ${basename(file)}`;
  const target = targetOf(services, item) ?? (await chooseDeployTarget(services, title));
  if (target === undefined) return undefined;
  const { connection, nats, node: entry } = target;
  const { artifact, node } = await buildForNode(services, file, nats, entry);
  const isFunction = isFunctionType(artifact.type);
  const triggerSubjects = isFunction ? await askSubjects(file, services.memory) : [];
  if (triggerSubjects === undefined) return undefined;
  const namespace = await askNamespace(title);
  if (namespace === undefined) return undefined;
  const result = await deployFile(services, {
    ...{ artifact, triggerSubjects, namespace },
    target: { connection, node },
  });
  if (entry.tags[devrunTag] === undefined) {
    const { nodeId, name } = result;
    await services.deployments.add({ nodeId, namespace, name, program: file, triggerSubjects });
  }
  sayResult(file, target, triggerSubjects, result);
  return result;
}

function targetOf({ connections }: Services, item: unknown): DeployTarget | undefined {
  if (!isNodesItem(item) || item.kind !== 'node') return undefined;
  const { node } = item;
  const connection = connections.require(node.connectionId);
  return { connection, nats: connections.requireNats(connection.id), node };
}

const askNamespace = (title: string): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title,
    prompt: 'Namespace of the workload',
    value: 'default',
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[^\s.*>]+$/.test(text) ? undefined : 'A namespace is one word, without dots and wildcards.',
  });

function sayResult(
  file: string,
  { connection, node }: DeployTarget,
  subjects: readonly string[],
  { replaced, warnings }: DevrunResult,
): void {
  const version = replaced ? ' its new version' : '';
  const runs = `${node.name} (${connection.name}) runs${version} ${basename(file)}${onSubjects(subjects)}.`;
  const text = [runs, ...warnings.map((warning) => warningText(warning))].join(' ');
  if (warnings.length === 0) void vscode.window.showInformationMessage(text);
  else void vscode.window.showWarningMessage(text);
}
