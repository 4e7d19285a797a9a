import type { Protocol } from 'devtools-protocol';
import type { CdpConnection } from './cdpConnection.ts';

/** A WebAssembly module as text. */
export interface Disassembly {
  readonly lines: readonly string[];
  /** Of each line, the offset in the module of the bytes that it shows. Ascending. */
  readonly offsets: readonly number[];
  /** Of each function in turn, the offsets of its first instruction and past its last. */
  readonly bodies: readonly (readonly [start: number, end: number])[];
}

/** V8's text of a module; it gives that of a large one piece by piece. */
export async function disassemble(cdp: CdpConnection, scriptId: string): Promise<Disassembly> {
  const first = await cdp.send('Debugger.disassembleWasmModule', { scriptId });
  const { streamId, functionBodyOffsets } = first;
  const chunks = [first.chunk];
  while (streamId !== undefined) {
    const { chunk } = await cdp.send('Debugger.nextWasmDisassemblyChunk', { streamId });
    if (chunk.lines.length === 0) break;
    chunks.push(chunk);
  }
  return {
    lines: chunks.flatMap(({ lines }: Protocol.Debugger.WasmDisassemblyChunk) => lines),
    offsets: chunks.flatMap(({ bytecodeOffsets }) => bytecodeOffsets),
    bodies: functionBodyOffsets.flatMap((start, index) =>
      index % 2 === 0 ? [[start, functionBodyOffsets[index + 1] ?? start] as const] : [],
    ),
  };
}
