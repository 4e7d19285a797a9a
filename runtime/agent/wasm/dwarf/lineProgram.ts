import type { ByteReader } from './byteReader.ts';
import type { LineHeader } from './lineHeader.ts';

/** A place in a source file: path as the compiler gave it, line and column from 1 (column 0: not known). */
export interface SourceLine {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

interface Row extends SourceLine {
  readonly address: number;
}

/** Rows of one piece of code, by address; what comes at `end` is none of it. */
export interface Sequence {
  readonly rows: readonly Row[];
  readonly end: number;
}

/** The state machine of DWARF 5, 6.2.2, without the registers that say nothing of lines. Runs one sequence. */
export class LineProgram {
  readonly #reader: ByteReader;
  readonly #header: LineHeader;
  readonly #rows: Row[] = [];
  #address = 0;
  #file = 1;
  #line = 1;
  #column = 0;

  constructor(reader: ByteReader, header: LineHeader) {
    this.#reader = reader;
    this.#header = header;
  }

  run(): Sequence {
    let ended = false;
    while (!ended && this.#reader.position < this.#header.end) {
      const opcode = this.#reader.u8();
      if (opcode >= this.#header.opcodeBase) this.#special(opcode - this.#header.opcodeBase);
      else if (opcode === 0) ended = this.#extended();
      else this.#standard(opcode);
    }
    return { rows: this.#rows, end: this.#address };
  }

  #special(opcode: number): void {
    const { lineBase, lineRange } = this.#header;
    this.#advance(Math.floor(opcode / lineRange));
    this.#line += lineBase + (opcode % lineRange);
    this.#emit();
  }

  /** Whether the sequence ends. */
  #extended(): boolean {
    const next = this.#reader.uleb() + this.#reader.position;
    const opcode = this.#reader.u8();
    if (opcode === setAddress) this.#address = this.#reader.u32();
    this.#reader.position = next;
    return opcode === endSequence;
  }

  #standard(opcode: number): void {
    const reader = this.#reader;
    switch (opcode) {
      case 1: // copy
        this.#emit();
        return;
      case 2: // advance_pc
        this.#advance(reader.uleb());
        return;
      case 3: // advance_line
        this.#line += reader.sleb();
        return;
      case 4: // set_file
        this.#file = reader.uleb();
        return;
      case 5: // set_column
        this.#column = reader.uleb();
        return;
      case 8: // const_add_pc
        this.#advance(Math.floor((255 - this.#header.opcodeBase) / this.#header.lineRange));
        return;
      case 9: // fixed_advance_pc
        this.#address += reader.u16();
        return;
      default:
        for (let left = this.#header.operandCounts[opcode - 1] ?? 0; left > 0; left -= 1) {
          reader.uleb();
        }
    }
  }

  #advance(operations: number): void {
    this.#address += operations * this.#header.minInstructionLength;
  }

  #emit(): void {
    const path = this.#header.files[this.#file] ?? '';
    this.#rows.push({ address: this.#address, path, line: this.#line, column: this.#column });
  }
}

const endSequence = 1;
const setAddress = 2;
