/** Where a program's writes to stdout go. */
export interface Output {
  write(bytes: Uint8Array): void;
  /** The reply. */
  take(): Uint8Array;
}

/** Thrown through the program: what it has written cannot be sent, and more of it would only cost memory. */
export class ReplyTooLarge extends Error {
  constructor(limit: number) {
    super(`the function wrote more to stdout than the ${limit} bytes that this NATS server takes`);
  }
}

/** All writes, one after another. */
export function collectWrites(limit: number): Output {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    write: (bytes) => {
      length += bytes.length;
      if (length > limit) throw new ReplyTooLarge(limit);
      chunks.push(bytes.slice());
    },
    take: () => {
      if (chunks.length === 1 && chunks[0] !== undefined) return chunks[0];
      const all = new Uint8Array(length);
      let position = 0;
      for (const chunk of chunks) {
        all.set(chunk, position);
        position += chunk.length;
      }
      return all;
    },
  };
}

/**
 * As the real node has it: each write replaces the one before, and what it keeps is the program's own memory, which may
 * have changed by the end (`agent/providers/lib/wasm.go`). Memory that grows moves; the old place stays as it was.
 */
export function keepLastWrite(): Output {
  let last = new Uint8Array();
  let written = last;
  return {
    write: (bytes) => {
      last = bytes as Uint8Array<ArrayBuffer>;
      written = bytes.slice();
    },
    take: () => (last.length === written.length ? last.slice() : written),
  };
}
