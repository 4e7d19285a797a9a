import { typedArrayName } from './typedArrayName.ts';
import type { Host, Shims } from './host.ts';
import type { HostLine } from './hostLine.ts';

/** How values cross between a function and its host services. */
export interface Transfer {
  /** The bytes of an argument, as they are sent. `call` names the service's method. */
  send(call: string, value: unknown): Uint8Array;
  receiveBytes(bytes: Uint8Array): Uint8Array;
  receiveJson(text: string): unknown;
  /** What the function gets as an object of the service. */
  object<Members extends Shims>(members: Members): Members;
  /** Of what the real node would do otherwise; in strict it does. */
  warn(code: string, detail?: string): void;
}

/** Bytes go as they are; what the real node would make of them is warned of. */
export function createFaithfulTransfer(line: HostLine): Transfer {
  const Bytes = Uint8Array;
  const { parse } = JSON;
  return {
    send: (call, value) => {
      const bytes = realBytes(value);
      if (bytes.length > mostSpread) line.warn('value-too-long', call);
      else if (hasHighByte(bytes)) line.warn('high-bytes', call);
      return bytes;
    },
    receiveBytes: (bytes) => new Bytes(bytes),
    receiveJson: (text): unknown => parse(text),
    object: (members) => members,
    warn: (code, detail) => line.warn(code, detail),
  };
}

/**
 * As on the real node (`agent/providers/lib/v8.go` marshalValue): bytes leave as the UTF-8 of a text that has a character
 * for each, made by a call that spreads them; what comes back belongs to another context.
 */
export function createStrictTransfer({ realm }: Host): Transfer {
  return {
    send: (_call, value) => {
      const bytes = realBytes(value);
      if (typeof bytes[Symbol.iterator] !== 'function') fail(notIterable);
      if (bytes.length > mostSpread) fail('RangeError: Maximum call stack size exceeded');
      return doubled(bytes);
    },
    receiveBytes: (bytes) => realm.bytes(bytes),
    receiveJson: (text) => realm.parse(text),
    object: (members) => realm.object(members),
    warn: () => undefined,
  };
}

/** Its prototype can have been taken away. */
const notIterable =
  'TypeError: Spread syntax requires ...iterable[Symbol.iterator] to be a function';

export function fail(thrown: string): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- the contract: functions see strings
  throw thrown;
}

/** Bytes that a spread call takes on the real node: 125 000 pass, 126 000 do not. */
const mostSpread = 125_500;

const isHigh = (byte: number) => byte > 0x7f;
const hasHighByte = (bytes: Uint8Array) => Uint8Array.prototype.some.call(bytes, isHigh);

function doubled(bytes: Uint8Array): Uint8Array {
  const sent: number[] = [];
  for (const byte of Uint8Array.from(bytes)) {
    if (isHigh(byte)) sent.push(0xc0 | (byte >> 6), 0x80 | (byte & 0x3f));
    else sent.push(byte);
  }
  return Uint8Array.from(sent);
}

/** Only a real Uint8Array passes, of whichever context, whatever its prototype was made to say. */
function realBytes(value: unknown): Uint8Array {
  if (typedArrayName(value) === 'Uint8Array') return value as Uint8Array;
  return fail(`failed to marshal v8 value to []byte: ${textOf(value)}; only Uint8[] is supported`);
}

const stringOf = String;
const loneSurrogate = /\p{Surrogate}/gu;

/**
 * As v8go makes text of a value: what has none is empty, and each of the three bytes of a lone surrogate, which are no
 * UTF-8, comes back as a replacement character.
 */
export function textOf(value: unknown): string {
  if (typeof value === 'symbol') return '';
  try {
    return stringOf(value).replace(loneSurrogate, '\ufffd\ufffd\ufffd');
  } catch {
    return '';
  }
}
