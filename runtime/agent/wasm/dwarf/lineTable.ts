import { existsSync, readFileSync } from 'node:fs';
import { ByteReader } from './byteReader.ts';
import { readLineHeader, type LineSections } from './lineHeader.ts';
import { LineProgram, type Sequence, type SourceLine } from './lineProgram.ts';
import { readSections } from './moduleSections.ts';

/** Where the code of a module was written, by the line number programs of its `.debug_line` section. */
export class LineTable {
  readonly #codeStart: number;
  readonly #sequences: readonly Sequence[];

  private constructor(codeStart: number, sequences: readonly Sequence[]) {
    this.#codeStart = codeStart;
    this.#sequences = sequences;
  }

  /** Undefined where the module has none, or one that cannot be read: it is the compiler's, and never worth an error. */
  static read(module: Uint8Array): LineTable | undefined {
    try {
      const { codeStart, custom } = readSections(module);
      const lines = custom.get('.debug_line');
      if (lines === undefined) return undefined;
      const [strings, lineStrings] = [custom.get('.debug_str'), custom.get('.debug_line_str')];
      return new LineTable(codeStart, readPrograms({ lines, strings, lineStrings }));
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** A file that somebody has removed has none either. */
  static readFile(file: string): LineTable | undefined {
    return existsSync(file) ? LineTable.read(readFileSync(file)) : undefined;
  }

  /** Of the instruction at that offset in the module. */
  at(offset: number): SourceLine | undefined {
    const address = offset - this.#codeStart;
    const sequence = this.#sequences.find(
      ({ rows: [first], end }) => first !== undefined && first.address <= address && address < end,
    );
    const row = sequence?.rows.findLast((each) => each.address <= address);
    // Line 0: code that the compiler added.
    return row === undefined || row.line === 0 ? undefined : row;
  }
}

function readPrograms(sections: LineSections): Sequence[] {
  const reader = new ByteReader(sections.lines);
  const sequences: Sequence[] = [];
  while (!reader.atEnd) {
    const header = readLineHeader(reader, sections);
    while (reader.position < header.end) sequences.push(new LineProgram(reader, header).run());
  }
  // What the linker dropped is left at address 0.
  return sequences.filter(({ rows: [first] }) => first !== undefined && first.address > 0);
}
