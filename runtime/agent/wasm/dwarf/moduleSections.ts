import { ByteReader } from './byteReader.ts';

/** The sections of a WebAssembly module that say where its code was written. */
export interface ModuleSections {
  /** Offset in the module of the code section's contents: what DWARF counts addresses from. */
  readonly codeStart: number;
  /** Custom sections by name. */
  readonly custom: ReadonlyMap<string, Uint8Array>;
}

export function readSections(module: Uint8Array): ModuleSections {
  const reader = new ByteReader(module, headerBytes);
  const custom = new Map<string, Uint8Array>();
  let codeStart = 0;
  while (!reader.atEnd) {
    const id = reader.u8();
    const size = reader.uleb();
    if (id === codeId) codeStart = reader.position;
    const contents = new ByteReader(reader.take(size));
    if (id !== customId) continue;
    const name = Buffer.from(contents.take(contents.uleb())).toString('utf8');
    custom.set(name, contents.take(size - contents.position));
  }
  return { codeStart, custom };
}

/** Magic number and version. */
const headerBytes = 8;
const customId = 0;
const codeId = 10;
