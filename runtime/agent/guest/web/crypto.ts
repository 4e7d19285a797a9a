import { DOMException } from './domException.ts';
import { tag } from './tag.ts';
import type { WebHost } from './webHost.ts';

/** Bytes that one call may ask for (Web Cryptography, getRandomValues). */
const mostBytes = 65_536;

/** `crypto` as far as functions need it: random values, UUIDs and digests. */
export function createCrypto(host: WebHost): object {
  const subtle = {
    digest: async (algorithm: unknown, data: unknown): Promise<ArrayBuffer> => {
      const name = nameOf(algorithm);
      const digest = await Promise.resolve(host('digest', name, bytesOf(data)));
      if (digest === undefined) {
        throw new DOMException('Unrecognized algorithm name', 'NotSupportedError');
      }
      return Uint8Array.from(digest as Uint8Array).buffer;
    },
  };
  return tag('Crypto', {
    subtle: tag('SubtleCrypto', subtle),
    randomUUID: () => host('randomUuid'),
    getRandomValues: <View>(view: View): View => {
      const { buffer, byteOffset, byteLength } = integerView(view);
      if (byteLength > mostBytes) {
        const text = `The requested length exceeds ${mostBytes.toLocaleString()} bytes`;
        throw new DOMException(text, 'QuotaExceededError');
      }
      const random = host('randomBytes', byteLength) as Uint8Array;
      new Uint8Array(buffer, byteOffset, byteLength).set(random);
      return view;
    },
  });
}

const nameOf = (algorithm: unknown) =>
  String(
    typeof algorithm === 'object' && algorithm !== null && 'name' in algorithm
      ? algorithm.name
      : algorithm,
  );

function bytesOf(data: unknown): Uint8Array {
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  }
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  throw new TypeError('The data of a digest must be an ArrayBuffer or a view of one');
}

function integerView(view: unknown): ArrayBufferView {
  const isInteger =
    ArrayBuffer.isView(view) &&
    !(view instanceof DataView) &&
    !(view instanceof Float32Array) &&
    !(view instanceof Float64Array);
  if (isInteger) return view;
  throw new DOMException('The data must be an integer-type TypedArray', 'TypeMismatchError');
}
