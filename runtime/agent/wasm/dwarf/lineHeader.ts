import { ByteReader } from './byteReader.ts';

/** The header of one line number program, DWARF 2 to 5 (DWARF 5, 6.2.4). */
export interface LineHeader {
  readonly end: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  readonly minInstructionLength: number;
  /** How many operands each standard opcode has, from opcode 1. */
  readonly operandCounts: readonly number[];
  /** Paths by file number. */
  readonly files: readonly string[];
}

export interface LineSections {
  readonly lines: Uint8Array;
  readonly strings: Uint8Array | undefined;
  readonly lineStrings: Uint8Array | undefined;
}

/** Leaves the reader at the first opcode. Throws where it is none that is known. */
export function readLineHeader(reader: ByteReader, sections: LineSections): LineHeader {
  const length = reader.u32();
  if (length === dwarf64) throw new RangeError('64-bit DWARF');
  const end = reader.position + length;
  const version = reader.u16();
  if (version < 2 || version > 5) throw new RangeError(`DWARF ${version}`);
  // Sizes of an address and of a segment selector.
  if (version === 5) reader.take(2);
  const headerLength = reader.u32();
  const program = reader.position + headerLength;
  const minInstructionLength = reader.u8();
  // Most operations per instruction, of machines that are none of ours; and whether rows are statements by default.
  reader.take(version >= 4 ? 2 : 1);
  const lineBase = reader.i8();
  const lineRange = reader.u8();
  const opcodeBase = reader.u8();
  const operandCounts = [...reader.take(opcodeBase - 1)];
  const files = version === 5 ? readEntries(reader, sections) : readOldEntries(reader);
  reader.position = program;
  return { end, lineBase, lineRange, opcodeBase, minInstructionLength, operandCounts, files };
}

function readOldEntries(reader: ByteReader): string[] {
  const directories = [''];
  for (let name = reader.text(); name !== ''; name = reader.text()) directories.push(name);
  // Files are counted from 1.
  const files = [''];
  for (let name = reader.text(); name !== ''; name = reader.text()) {
    files.push(join(directories[reader.uleb()], name));
    // Time of change and length.
    reader.uleb();
    reader.uleb();
  }
  return files;
}

/** Directories, then files: each list says in what form its entries are. */
function readEntries(reader: ByteReader, sections: LineSections): string[] {
  const directories = readEntryList(reader, sections).map(({ path }) => path);
  return readEntryList(reader, sections).map(({ path, directory }) =>
    join(directories[directory], path),
  );
}

function readEntryList(reader: ByteReader, sections: LineSections) {
  const forms = Array.from({ length: reader.u8() }, () => [reader.uleb(), reader.uleb()] as const);
  const count = reader.uleb();
  // No entry is made of nothing.
  if (forms.length === 0 && count > 0) throw new RangeError('entries without a form');
  return Array.from({ length: count }, () => {
    const entry = { path: '', directory: 0 };
    for (const [content, form] of forms) {
      const value = readForm(reader, form, sections);
      if (content === contentPath) entry.path = String(value);
      if (content === contentDirectory) entry.directory = Number(value);
    }
    return entry;
  });
}

/** The forms that a line header may use (DWARF 5, 6.2.4.1). */
function readForm(reader: ByteReader, form: number, sections: LineSections): string | number {
  switch (form) {
    case 0x08: // string
      return reader.text();
    case 0x0e: // strp
      return new ByteReader(sections.strings ?? none, reader.u32()).text();
    case 0x1f: // line_strp
      return new ByteReader(sections.lineStrings ?? none, reader.u32()).text();
    case 0x0f: // udata
      return reader.uleb();
    case 0x0b: // data1
      return reader.u8();
    case 0x05: // data2
      return reader.u16();
    case 0x06: // data4
      return reader.u32();
    case 0x07: // data8
      return reader.u64();
    case 0x1e: // data16
      return reader.take(16).length;
    case 0x09: // block
      return reader.take(reader.uleb()).length;
    default:
      throw new RangeError(`form ${form}`);
  }
}

const none = new Uint8Array();
const dwarf64 = 0xffffffff;
const contentPath = 1;
const contentDirectory = 2;

const isAbsolute = (path: string) => /^(\/|[A-Za-z]:)/.test(path);
const join = (directory: string | undefined, name: string) =>
  directory === undefined || directory === '' || isAbsolute(name) ? name : `${directory}/${name}`;
