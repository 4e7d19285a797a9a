/** Texts as bytes: the isolate has neither TextEncoder nor TextDecoder nor Buffer. */

/** UTF-8 with a NUL at its end, as C programs have it. */
export const cString = (text: string): Uint8Array => encodeUtf8(`${text}\0`);

export const encodeUtf8 = (text: string): Uint8Array =>
  Uint8Array.from(encodeURIComponent(text.toWellFormed()).matchAll(/%(..)|./g), ([letter, byte]) =>
    byte === undefined ? letter.charCodeAt(0) : parseInt(byte, 16),
  );

/** Throws for bytes that are not UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string =>
  decodeURIComponent(
    Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );

export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  const digits = base64.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 6) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const digit of digits) {
    held = ((held << 6) | base64Digits.indexOf(digit)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (held >> bits) & 0xff;
    at += 1;
  }
  return bytes;
}

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
