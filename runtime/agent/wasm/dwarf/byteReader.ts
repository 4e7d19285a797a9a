/** Reads little-endian numbers, LEB128 and C strings one after the other. Throws a RangeError past the end. */
export class ByteReader {
  position: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = position;
  }

  get atEnd(): boolean {
    return this.position >= this.#bytes.length;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  i8(): number {
    return this.#view.getInt8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** Of more than 2^53 not exact. */
  u64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  uleb(): number {
    let value = 0;
    for (let scale = 1; scale < lebLimit; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number of more than 64 bits');
  }

  sleb(): number {
    let value = 0;
    for (let scale = 1; scale < lebLimit; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return byte >= 0x40 ? value - scale * 128 : value;
    }
    throw new RangeError('a number of more than 64 bits');
  }

  /** Up to a NUL byte. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.position);
    if (end === -1) throw new RangeError('a string without an end');
    const text = Buffer.from(this.#bytes.subarray(this.position, end)).toString('utf8');
    this.position = end + 1;
    return text;
  }

  take(length: number): Uint8Array {
    const start = this.#advance(length);
    if (this.position > this.#bytes.length) throw new RangeError('past the end');
    return this.#bytes.subarray(start, this.position);
  }

  #advance(length: number): number {
    const start = this.position;
    this.position += length;
    return start;
  }
}

/** What the eleventh byte of a number would count for: one that goes on for ever would grow to NaN, past no end. */
const lebLimit = 128 ** 10;
