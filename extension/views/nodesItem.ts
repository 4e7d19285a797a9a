import { NexError } from '../../runtime/protocol/nexError.ts';
import type { Connection } from '../connections/connection.ts';
import type { NexletEntry, NodeEntry, WorkloadEntry } from '../node/nodeEntries.ts';

/** A row of the view Nodes. */
export type NodesItem =
  | { kind: 'connection'; connection: Connection }
  | { kind: 'node'; node: NodeEntry }
  | { kind: 'nexlet'; node: NodeEntry; nexlet: NexletEntry }
  | { kind: 'workload'; workload: WorkloadEntry }
  | { kind: 'trigger'; workload: WorkloadEntry; subject: string }
  | { kind: 'note'; text: string; icon: string };

const itemMembers = ['connection', 'node', 'workload'];

/** Items of a view come through VS Code untyped. */
export const isNodesItem = (item: unknown): item is NodesItem =>
  typeof item === 'object' && item !== null && itemMembers.some((member) => member in item);

/** The node of an item. Throws `no-node-chosen`. */
export function nodeOfItem(item: unknown): NodeEntry {
  if (isNodesItem(item) && item.kind === 'node') return item.node;
  throw new NexError('no-node-chosen', 'No node was chosen.', {
    remedy: 'Choose one in the view Nodes.',
  });
}
