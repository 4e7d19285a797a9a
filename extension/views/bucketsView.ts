import * as vscode from 'vscode';
import { keyUri } from '../filesystems/nexDocuments.ts';
import { listedKeys, readKeyNames, type BucketEntry } from '../node/jetStream.ts';
import type { NodeLink } from '../node/nodeLink.ts';
import type { JetStreamWatch } from './jetStreamWatch.ts';
import { TreeRows } from './treeRows.ts';

export type BucketsItem =
  | { kind: 'bucket'; bucket: BucketEntry }
  | { kind: 'key'; bucket: string; key: string }
  | { kind: 'more' };

/** KV buckets with their keys; a key opens its value. */
export class BucketsView implements vscode.TreeDataProvider<BucketsItem> {
  readonly #redrawn = new vscode.EventEmitter<BucketsItem[] | undefined>();
  readonly onDidChangeTreeData = this.#redrawn.event;
  readonly #link: NodeLink;
  readonly #rows: TreeRows<BucketsItem>;
  readonly #subscription: vscode.Disposable;

  constructor(link: NodeLink, watch: JetStreamWatch) {
    this.#link = link;
    this.#rows = new TreeRows({
      // What is below comes from the server when it is looked at.
      children: (item) =>
        item === undefined
          ? watch.entries.buckets.map((bucket) => ({ kind: 'bucket', bucket }))
          : [],
      draw: drawItem,
    });
    this.#subscription = watch.onDidChange(() => this.#redrawn.fire(this.#rows.update()));
  }

  async getChildren(item?: BucketsItem): Promise<BucketsItem[]> {
    if (item === undefined) return this.#rows.below();
    const { node } = this.#link;
    if (item.kind !== 'bucket' || node === undefined) return [];
    const bucket = item.bucket.name;
    const keys = await readKeyNames(node, bucket);
    const items: BucketsItem[] = keys.map((key) => ({ kind: 'key', bucket, key }));
    return keys.length < listedKeys ? items : [...items, { kind: 'more' }];
  }

  getTreeItem(item: BucketsItem): vscode.TreeItem {
    return drawItem(item);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#redrawn.dispose();
  }
}

function drawItem(item: BucketsItem): vscode.TreeItem {
  if (item.kind === 'bucket') return bucketItem(item.bucket);
  if (item.kind === 'more') return new vscode.TreeItem(`The first ${listedKeys} keys are listed`);
  return keyItem(item.bucket, item.key);
}

function bucketItem({ name, values, lastSeq }: BucketEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = name;
  item.description = `${values} ${values === 1 ? 'value' : 'values'}`;
  item.tooltip = `${name}\nrevision ${lastSeq}`;
  item.iconPath = new vscode.ThemeIcon('database');
  return item;
}

function keyItem(bucket: string, key: string): vscode.TreeItem {
  const item = new vscode.TreeItem(key);
  item.id = `${bucket}/${key}`;
  item.iconPath = new vscode.ThemeIcon('symbol-key');
  item.command = { command: 'vscode.open', title: 'Show value', arguments: [keyUri(bucket, key)] };
  return item;
}
