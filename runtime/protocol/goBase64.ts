import { NexError } from './nexError.ts';

/** The two alphabets of Go's `encoding/base64` that Nex uses. */
export type GoBase64 = 'standard' | 'rawUrl';

const letters = /^[A-Za-z0-9]$/;
const lineBreaks = /[\r\n]/g;

/**
 * Decodes like Go's `encoding/base64`, which is stricter than `Buffer.from`: what it refuses is an error with Go's own
 * text (`illegal base64 data at input byte N`), since Nex passes that text on to its clients.
 */
export function decodeGoBase64(text: string, alphabet: GoBase64): Uint8Array {
  const illegal = findIllegalByte(text, alphabet);
  if (illegal !== undefined) {
    throw new NexError('illegal-base64', `illegal base64 data at input byte ${illegal}`);
  }
  const clean = text.replace(lineBreaks, '');
  return Uint8Array.from(Buffer.from(clean, alphabet === 'standard' ? 'base64' : 'base64url'));
}

/** Offset that Go reports, or undefined where the text is good. Go skips line breaks wherever they stand. */
function findIllegalByte(text: string, alphabet: GoBase64): number | undefined {
  const isDigit = (character: string) =>
    letters.test(character) || (alphabet === 'standard' ? '+/' : '-_').includes(character);
  let inQuantum = 0;
  let at = 0;
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\n' || character === '\r') continue;
    if (isDigit(character)) inQuantum = (inQuantum + 1) % 4;
    else if (character === '=' && alphabet === 'standard') return checkPadding(text, at, inQuantum);
    else return at;
  }
  const incomplete = alphabet === 'standard' ? inQuantum !== 0 : inQuantum === 1;
  return incomplete ? at - inQuantum : undefined;
}

function checkPadding(text: string, at: number, inQuantum: number): number | undefined {
  if (inQuantum < 2) return at;
  let next = skipLineBreaks(text, at + 1);
  if (inQuantum === 2) {
    if (next === text.length) return next;
    if (text.charAt(next) !== '=') return next - 1;
    next = skipLineBreaks(text, next + 1);
  }
  return next < text.length ? next : undefined;
}

function skipLineBreaks(text: string, from: number): number {
  let at = from;
  while (text.charAt(at) === '\n' || text.charAt(at) === '\r') at++;
  return at;
}
