import assert from 'node:assert/strict';
import { TreeRows } from '../../extension/views/treeRows.ts';

interface Place {
  readonly name: string;
  readonly text: string;
  readonly parts?: readonly Place[];
}

describe('rows of a tree view', () => {
  let places: readonly Place[];
  let rows: TreeRows<{ place: Place }, { id: string; description: string }>;

  beforeEach(() => {
    places = [];
    rows = new TreeRows<{ place: Place }, { id: string; description: string }>({
      children: (row) =>
        (row === undefined ? places : (row.place.parts ?? [])).map((place) => ({ place })),
      draw: ({ place: { name, text } }) => ({ id: name, description: text }),
    });
  });

  const show = (...shown: readonly Place[]) => {
    places = shown;
    const changed = rows.update();
    return changed?.map(({ place }) => `${place.name} ${place.text}`);
  };
  const node = (...parts: readonly Place[]): Place => ({ name: 'node', text: 'up', parts });
  const echo = { name: 'echo', text: '1 call' };

  it('are drawn all at first', () => {
    assert.equal(show(node(echo)), undefined);
    const [above] = rows.below();
    assert.ok(above);
    assert.equal(rows.item(above).description, 'up');
    assert.deepEqual(
      rows.below(above).map(({ place }) => place),
      [echo],
    );
  });

  it('are not drawn again where they look the same', () => {
    show(node(echo));
    assert.deepEqual(show(node({ ...echo })), []);
  });

  it('are drawn alone where they look different, and stay the same objects', () => {
    show(node(echo));
    const [above] = rows.below();
    const [before] = rows.below(above);
    assert.deepEqual(show(node({ ...echo, text: '2 calls' })), ['echo 2 calls']);
    const [after] = rows.below(above);
    assert.equal(after, before);
    assert.ok(after);
    assert.deepEqual([after.place.text, rows.item(after).description], ['2 calls', '2 calls']);
  });

  it('are drawn with the row above them where one comes, goes or moves', () => {
    const other = { name: 'other', text: 'idle' };
    show(node(echo));
    assert.deepEqual(show(node(echo, other)), ['node up']);
    assert.deepEqual(show(node(other, echo)), ['node up']);
    assert.deepEqual(show(node(other)), ['node up']);
    assert.equal(show(), undefined);
    assert.deepEqual(rows.below(), []);
  });
});
