import ivm from 'isolated-vm';
import type { TriggerMessage } from './engine.ts';

/** `guest/packedMessages.ts`'s PackedMessages, as an argument: one buffer crosses cheaper than many. */
export function packMessages(
  entry: number,
  messages: readonly TriggerMessage[],
): ivm.Copy<unknown> {
  const bytes = Buffer.concat(messages.map(({ payload }) => payload));
  const packed = {
    entry,
    subjects: messages.map(({ subject }) => subject),
    lengths: messages.map(({ payload }) => payload.length),
    // A small buffer is a view of Node's pool.
    bytes: Uint8Array.prototype.slice.call(bytes),
  };
  return new ivm.ExternalCopy(packed).copyInto({ release: true });
}
