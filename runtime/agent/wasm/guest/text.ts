/** `text` as UTF-8 with a NUL at its end, as C programs have it. The isolate has no TextEncoder. */
export function cString(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const letter of text.toWellFormed()) {
    const code = letter.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code));
    else if (code < 0x10000) {
      bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code));
    } else {
      const lower = [continuation(code >> 12), continuation(code >> 6), continuation(code)];
      bytes.push(0xf0 | (code >> 18), ...lower);
    }
  }
  bytes.push(0);
  return Uint8Array.from(bytes);
}

const continuation = (code: number) => 0x80 | (code & 0x3f);
