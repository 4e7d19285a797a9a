import { NexError } from '../runtime/protocol/nexError.ts';
import type { MessageEntry } from './node/jetStream.ts';
import type { StreamsItem } from './views/streamsView.ts';

/** The stored message of an item of the streams view. Items of a view come through VS Code untyped. */
export function messageOf(item: unknown): MessageEntry {
  const isItem = (one: unknown): one is StreamsItem =>
    typeof one === 'object' && one !== null && 'message' in one;
  if (isItem(item) && item.kind === 'message') return item.message;
  throw new NexError('no-message', 'No stored message was chosen.', {
    remedy: 'Choose one in the view Streams.',
  });
}
