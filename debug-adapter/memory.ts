import type { DebugProtocol } from '@vscode/debugprotocol';
import type { z } from 'zod';
import { NexError } from '../runtime/protocol/nexError.ts';
import { CdpError, type CdpConnection } from './cdpConnection.ts';
import type { readMemory } from './requestArguments.ts';
import type { RemoteObject } from './variable.ts';

const withBytes = new Set(['arraybuffer', 'typedarray', 'dataview', 'webassemblymemory']);

/** How DAP names the bytes of a value; undefined for one that has none. */
export function memoryReference({ subtype, objectId }: RemoteObject): string | undefined {
  return subtype !== undefined && withBytes.has(subtype) ? objectId : undefined;
}

/** Bytes of a value, from an offset in it. */
export async function readBytes(
  cdp: CdpConnection,
  { memoryReference: objectId, offset, count }: z.infer<typeof readMemory>,
): Promise<DebugProtocol.ReadMemoryResponse['body']> {
  const start = Math.max(0, offset);
  try {
    const { result } = await cdp.send('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: readFunction,
      arguments: [{ value: start }, { value: count }],
      silent: true,
      returnByValue: true,
    });
    const bytes = Buffer.from(String(result.value), 'latin1');
    return {
      address: String(start),
      data: bytes.toString('base64'),
      ...(bytes.length < count ? { unreadableBytes: count - bytes.length } : {}),
    };
  } catch (error) {
    if (!(error instanceof CdpError)) throw error;
    throw new NexError('memory-gone', 'These bytes are from an earlier stop.');
  }
}

/** The bytes as a string of as many characters: it crosses cheapest. */
const readFunction = `function (start, count) {
  const whole = ArrayBuffer.isView(this)
    ? new Uint8Array(this.buffer, this.byteOffset, this.byteLength)
    : new Uint8Array(this.buffer ?? this);
  let text = '';
  for (const byte of whole.subarray(start, start + count)) text += String.fromCharCode(byte);
  return text;
}`;
