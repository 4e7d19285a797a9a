import type * as vscode from 'vscode';
import type { Artifact } from '../runtime/client/artifacts.ts';
import type { Connections } from './connections/connections.ts';
import type { DebugSessions } from './debug/debugSessions.ts';
import type { DeployMemory } from './deployMemory.ts';
import type { NodeLink } from './node/nodeLink.ts';
import type { TriggerMemory } from './triggerMemory.ts';
import type { JetStreamWatch } from './views/jetStreamWatch.ts';
import type { Problems } from './problems.ts';
import type { NodesView } from './views/nodesView.ts';

/** What commands work with. */
export interface Services {
  /** The extension's own folder. */
  readonly extensionPath: string;
  readonly log: vscode.LogOutputChannel;
  /** The local one of `connections`. */
  readonly link: NodeLink;
  readonly connections: Connections;
  readonly deployments: DeployMemory;
  readonly sessions: DebugSessions;
  readonly memory: TriggerMemory;
  readonly nodesView: NodesView;
  readonly problems: Problems;
  /** By file, what this window last built of it. */
  readonly built: Map<string, Artifact>;
  readonly jetStream: JetStreamWatch;
  /** State of this workspace. */
  readonly state: vscode.Memento;
}
