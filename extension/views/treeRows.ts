import { isDeepStrictEqual } from 'node:util';
import type * as vscode from 'vscode';

type RowItem = Pick<vscode.TreeItem, 'id' | 'label'>;

/** What rows there are, and how each looks. The `id` of a row's item says what it stands for. */
interface RowSource<Row extends object, Item extends RowItem> {
  /** Below a row, or at the top. */
  children(row?: Row): readonly Row[];
  draw(row: Row): Item;
}

interface Drawn<Row extends object, Item extends RowItem> {
  readonly row: Row;
  item: Item;
  below: readonly Drawn<Row, Item>[];
}

/**
 * Rows of a tree view; each is the same object for as long as it stands for the same thing. VS Code forgets what is
 * below a row that is announced as changed until it has drawn it again, and a command that is chosen from a menu there
 * meanwhile comes without its row. So no more is announced than what looks different.
 */
export class TreeRows<Row extends object, Item extends RowItem = vscode.TreeItem> {
  readonly #source: RowSource<Row, Item>;
  readonly #drawn = new WeakMap<Row, Drawn<Row, Item>>();
  #top: readonly Drawn<Row, Item>[] = [];

  constructor(source: RowSource<Row, Item>) {
    this.#source = source;
  }

  below(row?: Row): Row[] {
    const drawn = row === undefined ? this.#top : this.#drawn.get(row)?.below;
    return (drawn ?? []).map((one) => one.row);
  }

  item(row: Row): Item {
    return this.#drawn.get(row)?.item ?? this.#source.draw(row);
  }

  /** Reads the source anew; answers what `onDidChangeTreeData` is to say: which rows, undefined for the whole tree. */
  update(): Row[] | undefined {
    const changed = new Set<Row | undefined>();
    this.#top = this.#merge(undefined, this.#top, changed);
    const rows = [...changed].filter((row) => row !== undefined);
    return changed.has(undefined) ? undefined : rows;
  }

  #merge(
    parent: Row | undefined,
    before: readonly Drawn<Row, Item>[],
    changed: Set<Row | undefined>,
  ): readonly Drawn<Row, Item>[] {
    const known = new Map(before.map((one) => [keyOf(one.item), one]));
    const after = this.#source.children(parent).map((row) => {
      const kept = known.get(keyOf(this.#source.draw(row)));
      return kept === undefined ? this.#add(row) : this.#redraw(kept, row, changed);
    });
    const isSame = after.length === before.length && after.every((one, at) => one === before[at]);
    if (!isSame) changed.add(parent);
    return after;
  }

  #add(row: Row): Drawn<Row, Item> {
    const drawn = { row, item: this.#source.draw(row), below: [] as readonly Drawn<Row, Item>[] };
    this.#drawn.set(row, drawn);
    drawn.below = this.#source.children(row).map((child) => this.#add(child));
    return drawn;
  }

  #redraw(drawn: Drawn<Row, Item>, row: Row, changed: Set<Row | undefined>): Drawn<Row, Item> {
    Object.assign(drawn.row, row);
    const item = this.#source.draw(drawn.row);
    if (!isDeepStrictEqual(item, drawn.item)) changed.add(drawn.row);
    drawn.item = item;
    drawn.below = this.#merge(drawn.row, drawn.below, changed);
    return drawn;
  }
}

const keyOf = ({ id, label }: RowItem) => id ?? (typeof label === 'object' ? label.label : label);
