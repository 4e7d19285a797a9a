import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Artifact } from '../runtime/client/artifacts.ts';
import { useNativeHashes } from '../runtime/protocol/nativeHashes.ts';
import { registerCommands } from './commands/registerCommands.ts';
import { connectWhenExpanded } from './connections/connectWhenExpanded.ts';
import { Connections } from './connections/connections.ts';
import { OwnConnections } from './connections/ownConnections.ts';
import { AdapterFactory } from './debug/adapterFactory.ts';
import { ConfigurationProvider, DynamicConfigurations } from './debug/configurationProvider.ts';
import { DebugSessions } from './debug/debugSessions.ts';
import { DeployMemory } from './deployMemory.ts';
import { documentScheme, NexDocuments } from './filesystems/nexDocuments.ts';
import { debugType, views } from './ids.ts';
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

/** What outlives `activate`, to be ended by `deactivate`, which VS Code waits for. */
const active: { connections?: Connections } = {};

/** Resolves with what commands work with where, and only where, VS Code runs our tests. */
export function activate(context: vscode.ExtensionContext): Services | undefined {
  useNativeHashes();
  const log = vscode.window.createOutputChannel('Nex', { log: true });
  const link = new NodeLink(log);
  const { workspaceState: state, extensionPath } = context;
  const connections = new Connections(
    link,
    new OwnConnections(context.globalState, context.secrets),
  );
  active.connections = connections;
  const deployments = new DeployMemory(state);
  const nodesView = new NodesView(connections, deployments, log);
  const jetStream = new JetStreamWatch(link, log);
  const sessions = new DebugSessions();
  const problems = new Problems();
  const memory = new TriggerMemory(state);
  const built = new Map<string, Artifact>();
  const services = {
    extensionPath,
    log,
    link,
    connections,
    deployments,
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
    link.onDidChange(() => jetStream.refresh()),
    watchNodeFiles(() => void lookForNode(services), log),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void lookForNode(services)),
  );
  void lookForNode(services);
  void connections.refresh();
  return context.extensionMode === vscode.ExtensionMode.Test ? services : undefined;
}

export async function deactivate(): Promise<void> {
  await active.connections?.dispose();
}

function registerViews({ link, nodesView, jetStream, log }: Services): vscode.Disposable {
  const bucketsView = new BucketsView(link, jetStream);
  const streamsView = new StreamsView(link, jetStream);
  const trees = [
    vscode.window.createTreeView(views.buckets, { treeDataProvider: bucketsView }),
    vscode.window.createTreeView(views.streams, { treeDataProvider: streamsView }),
  ];
  const nodes = vscode.window.createTreeView(views.nodes, { treeDataProvider: nodesView });
  return vscode.Disposable.from(
    ...[...trees, bucketsView, streamsView],
    jetStream.follow(trees),
    nodes,
    connectWhenExpanded(nodes, log),
  );
}

function registerDebugger(services: Services, adapter: string): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.debug.registerDebugAdapterDescriptorFactory(
      debugType,
      new AdapterFactory(adapter, services.connections, services.log),
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

async function lookForNode({ link, log }: Services): Promise<void> {
  if (!vscode.workspace.isTrusted) return;
  try {
    await link.check();
    await link.linkIfRunning();
  } catch (error) {
    await showError(error, log);
  }
}
