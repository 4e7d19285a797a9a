import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact } from '../runtime/client/artifacts.ts';
import { useNativeHashes } from '../runtime/protocol/nativeHashes.ts';
import { registerCommands } from './commands/registerCommands.ts';
import { AdapterFactory } from './debug/adapterFactory.ts';
import { ConfigurationProvider, DynamicConfigurations } from './debug/configurationProvider.ts';
import { DebugSessions } from './debug/debugSessions.ts';
import { documentScheme, NexDocuments } from './filesystems/nexDocuments.ts';
import { debugType, views } from './ids.ts';
import { followEvents } from './liveUpdates.ts';
import { reloadLive } from './liveReload.ts';
import { NodeLink } from './node/nodeLink.ts';
import { watchNodeFiles } from './node/watchNodeFiles.ts';
import { showNodeStatus } from './nodeStatus.ts';
import { Problems } from './problems.ts';
import type { Services } from './services.ts';
import { showError } from './showError.ts';
import { TriggerMemory } from './triggerMemory.ts';
import { BucketsView } from './views/bucketsView.ts';
import { JetStreamWatch } from './views/jetStreamWatch.ts';
import { NodesView } from './views/nodesView.ts';
import { StreamsView } from './views/streamsView.ts';
import { followWorkloadLogs } from './workloadLogs.ts';

/** What outlives `activate`, to be ended by `deactivate`, which VS Code waits for. */
const active: { link?: NodeLink } = {};

export function activate(context: vscode.ExtensionContext): void {
  useNativeHashes();
  const log = vscode.window.createOutputChannel('Nex', { log: true });
  const link = new NodeLink(log);
  active.link = link;
  const nodesView = new NodesView(link, log);
  const jetStream = new JetStreamWatch(link, log);
  const sessions = new DebugSessions();
  const problems = new Problems();
  const { workspaceState: state, extensionPath } = context;
  const memory = new TriggerMemory(state);
  const built = new Map<string, Artifact>();
  const services = {
    extensionPath,
    log,
    link,
    nodesView,
    jetStream,
    problems,
    built,
    sessions,
    memory,
    state,
  };
  context.subscriptions.push(
    ...[log, nodesView, jetStream, problems, sessions],
    registerCommands(services),
    registerViews(services),
    registerDebugger(services, join(extensionPath, 'dist', 'debug-adapter.cjs')),
    registerDocuments(services),
    reloadLive(services),
    showNodeStatus(link),
    link.onDidChange(() => follow(services)),
    watchNodeFiles(() => void lookForNode(services), log),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void lookForNode(services)),
  );
  void lookForNode(services);
}

export async function deactivate(): Promise<void> {
  await active.link?.dispose();
}

function registerViews({ link, nodesView, jetStream }: Services): vscode.Disposable {
  const bucketsView = new BucketsView(link, jetStream);
  const streamsView = new StreamsView(link, jetStream);
  const trees = [
    vscode.window.createTreeView(views.buckets, { treeDataProvider: bucketsView }),
    vscode.window.createTreeView(views.streams, { treeDataProvider: streamsView }),
  ];
  return vscode.Disposable.from(
    ...trees,
    jetStream.follow(trees),
    vscode.window.createTreeView(views.nodes, { treeDataProvider: nodesView }),
  );
}

function registerDebugger(services: Services, adapter: string): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.debug.registerDebugAdapterDescriptorFactory(
      debugType,
      new AdapterFactory(adapter, services.log),
    ),
    vscode.debug.registerDebugConfigurationProvider(debugType, new ConfigurationProvider(services)),
    vscode.debug.registerDebugConfigurationProvider(
      debugType,
      new DynamicConfigurations(services),
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
  );
}

function registerDocuments({ link, jetStream }: Services): vscode.Disposable {
  const documents = new NexDocuments(link);
  return vscode.Disposable.from(
    documents,
    vscode.workspace.registerTextDocumentContentProvider(documentScheme, documents),
    vscode.workspace.onDidOpenTextDocument((document) => void documents.adopt(document)),
    jetStream.onDidChange(() => documents.refresh()),
  );
}

/** What is read of a node while it is linked ends with its connection. */
function follow(services: Services): void {
  const { link, nodesView, jetStream, log } = services;
  nodesView.refresh();
  jetStream.refresh();
  const { node } = link;
  if (node === undefined) return;
  const report = (error: unknown) => log.warn(String(error));
  followEvents(node, () => nodesView.refresh()).catch(report);
  followWorkloadLogs(node, (id) => nodesView.nameOf(id), log).catch(report);
}

async function lookForNode({ link, log }: Services): Promise<void> {
  if (!vscode.workspace.isTrusted) return;
  try {
    await link.check();
    await link.linkIfRunning();
  } catch (error) {
    await showError(error, log);
  }
}
