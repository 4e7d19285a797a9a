import { decodeBase64, decodeUtf8, encodeUtf8 } from '../text.ts';

/** What `@wasmer/wasi` takes for given and an isolate does not have. Imported before it. */
class Encoder {
  encode(text: string): Uint8Array {
    return encodeUtf8(text);
  }

  encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
    const bytes = encodeUtf8(text);
    target.set(bytes);
    return { read: text.length, written: bytes.length };
  }
}

class Decoder {
  decode(bytes = new Uint8Array()): string {
    return decodeUtf8(bytes);
  }
}

const buffer = { from: (base64: string) => decodeBase64(base64) };

// V8 compiles in the background and wakes the isolate when it is done; isolated-vm misses that every other time.
const compile = (bytes: Uint8Array) => Promise.resolve(new WebAssembly.Module(bytes));
Object.assign(WebAssembly, { compile });
Object.assign(globalThis, { TextEncoder: Encoder, TextDecoder: Decoder, Buffer: buffer });
