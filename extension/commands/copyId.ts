import * as vscode from 'vscode';
import { NexError } from '../../runtime/protocol/nexError.ts';
import type { Services } from '../services.ts';
import { isNodesItem } from '../views/nodesItem.ts';

/** Copies the id of a node, nexlet or workload, or a trigger subject. Resolves with it. */
export async function copyId(_services: Services, item?: unknown): Promise<string> {
  const id = idOf(item);
  await vscode.env.clipboard.writeText(id);
  return id;
}

function idOf(item: unknown): string {
  if (isNodesItem(item)) {
    if (item.kind === 'node') return item.node.nodeId;
    if (item.kind === 'nexlet') return item.nexlet.id;
    if (item.kind === 'workload') return item.workload.id;
    if (item.kind === 'trigger') return item.subject;
  }
  throw new NexError('no-item', 'Nothing with an id was chosen.', {
    remedy: 'Choose a node or a workload in the view Nodes.',
  });
}
