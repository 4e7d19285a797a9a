import { errno, type Errno } from './errno.ts';

/** A program's memory, as pointers into it are used. What points outside throws `BadPointer`. */
export class GuestMemory {
  readonly #memory: WebAssembly.Memory | undefined;
  #view = new DataView(new ArrayBuffer());

  constructor(memory: unknown) {
    this.#memory = isMemory(memory) ? memory : undefined;
  }

  get size(): number {
    return this.#memory?.buffer.byteLength ?? 0;
  }

  /** A view, not a copy. */
  bytes(pointer: number, length: number): Uint8Array {
    const start = pointer >>> 0;
    const size = length >>> 0;
    const { buffer } = this.#current();
    if (start + size > buffer.byteLength) throw new BadPointer();
    return new Uint8Array(buffer, start, size);
  }

  readU8(pointer: number): number {
    return this.#at(pointer, 1).getUint8(pointer >>> 0);
  }

  readU16(pointer: number): number {
    return this.#at(pointer, 2).getUint16(pointer >>> 0, true);
  }

  readU32(pointer: number): number {
    return this.#at(pointer, 4).getUint32(pointer >>> 0, true);
  }

  readU64(pointer: number): bigint {
    return this.#at(pointer, 8).getBigUint64(pointer >>> 0, true);
  }

  writeU8(pointer: number, value: number): void {
    this.#at(pointer, 1).setUint8(pointer >>> 0, value);
  }

  writeU16(pointer: number, value: number): void {
    this.#at(pointer, 2).setUint16(pointer >>> 0, value, true);
  }

  writeU32(pointer: number, value: number): void {
    this.#at(pointer, 4).setUint32(pointer >>> 0, value, true);
  }

  writeU64(pointer: number, value: bigint): void {
    this.#at(pointer, 8).setBigUint64(pointer >>> 0, value, true);
  }

  #at(pointer: number, size: number): DataView {
    const view = this.#current();
    if ((pointer >>> 0) + size > view.byteLength) throw new BadPointer();
    return view;
  }

  /** Memory that has grown has a new buffer. */
  #current(): DataView {
    const buffer = this.#memory?.buffer;
    if (buffer === undefined) throw new BadPointer();
    if (this.#view.buffer !== buffer) this.#view = new DataView(buffer);
    return this.#view;
  }
}

/** Not by `instanceof`: it may have been made in another context. */
const isMemory = (value: unknown): value is WebAssembly.Memory =>
  typeof value === 'object' && value !== null && 'buffer' in value;

class BadPointer extends Error {}

/** The error number of a WASI function that was given a bad pointer; whatever else it throws goes on. */
export function answerErrno(work: () => Errno): Errno {
  try {
    return work();
  } catch (error) {
    if (error instanceof BadPointer) return errno.fault;
    throw error;
  }
}
