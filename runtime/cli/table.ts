import Table from 'cli-table3';

/** A table without colours, so that it reads the same in a file; a `#` before a heading sets its column to the right. */
export function formatTable(head: string[], rows: (string | number)[][]): string {
  const table = new Table({
    head: head.map((heading) => heading.replace(/^#/, '')),
    colAligns: head.map((heading) => (heading.startsWith('#') ? 'right' : 'left')),
    style: { head: [], border: [] },
  });
  table.push(...rows.map((row) => row.map(withoutControls)));
  return table.toString();
}

/** Names come from whoever answers: none may move the cursor or colour what follows. */
const withoutControls = (cell: string | number) =>
  typeof cell === 'string' ? cell.replaceAll(/(?!\n)\p{Cc}/gu, '') : cell;
