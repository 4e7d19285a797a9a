import * as vscode from 'vscode';
import { messageUri } from '../filesystems/nexDocuments.ts';
import { itemContexts } from '../ids.ts';
import { readLatestMessages, type MessageEntry, type StreamEntry } from '../node/jetStream.ts';
import type { NodeLink } from '../node/nodeLink.ts';
import type { JetStreamWatch } from './jetStreamWatch.ts';
import { TreeRows } from './treeRows.ts';

export type StreamsItem =
  { kind: 'stream'; stream: StreamEntry } | { kind: 'message'; message: MessageEntry };

/** Streams with their latest messages; a message opens its payload and can be replayed. */
export class StreamsView implements vscode.TreeDataProvider<StreamsItem> {
  readonly #redrawn = new vscode.EventEmitter<StreamsItem[] | undefined>();
  readonly onDidChangeTreeData = this.#redrawn.event;
  readonly #link: NodeLink;
  readonly #rows: TreeRows<StreamsItem>;
  readonly #subscription: vscode.Disposable;

  constructor(link: NodeLink, watch: JetStreamWatch) {
    this.#link = link;
    this.#rows = new TreeRows({
      // What is below comes from the server when it is looked at.
      children: (item) =>
        item === undefined
          ? watch.entries.streams.map((stream) => ({ kind: 'stream', stream }))
          : [],
      draw: drawItem,
    });
    this.#subscription = watch.onDidChange(() => this.#redrawn.fire(this.#rows.update()));
  }

  async getChildren(item?: StreamsItem): Promise<StreamsItem[]> {
    if (item === undefined) return this.#rows.below();
    const { node } = this.#link;
    if (item.kind === 'message' || node === undefined) return [];
    const messages = await readLatestMessages(node, item.stream);
    return messages.map((message) => ({ kind: 'message', message }));
  }

  getTreeItem(item: StreamsItem): vscode.TreeItem {
    return drawItem(item);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#redrawn.dispose();
  }
}

const drawItem = (item: StreamsItem) =>
  item.kind === 'stream' ? streamItem(item.stream) : messageItem(item.message);

function streamItem({ name, subjects, messages, firstSeq, lastSeq }: StreamEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = name;
  item.description = `${messages} ${messages === 1 ? 'message' : 'messages'}`;
  item.tooltip = `Subjects: ${subjects.join(', ')}\nsequences ${firstSeq} to ${lastSeq}`;
  item.iconPath = new vscode.ThemeIcon('list-ordered');
  return item;
}

function messageItem({ stream, seq, subject, time, size }: MessageEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(`#${seq} ${subject}`);
  item.id = `${stream}/${seq}`;
  item.description = `${time.toLocaleTimeString()} · ${formatSize(size)}`;
  item.tooltip = `${subject}\nsequence ${seq}\n${time.toLocaleString()}\n${size} bytes`;
  item.iconPath = new vscode.ThemeIcon('mail');
  item.contextValue = itemContexts.message;
  const uri = messageUri(stream, seq);
  item.command = { command: 'vscode.open', title: 'Show message', arguments: [uri] };
  return item;
}

const formatSize = (bytes: number) =>
  bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} kB`;
