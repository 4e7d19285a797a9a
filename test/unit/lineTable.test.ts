import assert from 'node:assert/strict';
import { LineTable } from '../../runtime/agent/wasm/dwarf/lineTable.ts';

/** A module whose line number program advances by an endless number, and whose first bytes pass for another header. */
function endlessNumber(): Buffer {
  const header = Buffer.from([4, 0, 0, 0, 0, 0, 1, 1, 1, 0xfb, 14, 3, 0, 1, 0, 0]);
  header.writeUInt32LE(header.length - 6, 2);
  const program = Buffer.from([0, ...Array<number>(200).fill(0x80), 1, 1]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(0x00020004);
  const lines = Buffer.concat([length, header, program]);
  const name = Buffer.from('.debug_line');
  const contents = Buffer.concat([Buffer.from([name.length]), name, lines]);
  const size = Buffer.from([(contents.length & 0x7f) | 0x80, contents.length >> 7]);
  const magic = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  return Buffer.concat([magic, Buffer.from([0]), size, contents]);
}

describe('the lines of a module', () => {
  it('are none where a number of its line table goes on for ever', () => {
    assert.equal(LineTable.read(endlessNumber()), undefined);
  });
});
