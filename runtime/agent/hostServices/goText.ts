/** Go's text of bytes: each that is not UTF-8 becomes U+FFFD. */
export function goText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  if (!text.includes('\ufffd')) return text;
  let result = '';
  for (let index = 0; index < bytes.length;) {
    const length = [1, 2, 3, 4].find((size) => isCharacter(bytes.subarray(index, index + size)));
    result +=
      length === undefined
        ? '\ufffd'
        : Buffer.from(bytes.subarray(index, index + length)).toString('utf8');
    index += length ?? 1;
  }
  return result;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isCharacter(bytes: Uint8Array): boolean {
  try {
    return strictUtf8.decode(bytes).length > 0;
  } catch {
    // A decoder that is fatal says no by throwing.
    return false;
  }
}
