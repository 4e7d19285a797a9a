import { z } from 'zod';

/**
 * How a new version of a function takes over from an old one, so that every message is run once and each requester gets its
 * answers in order. In one agent it takes over the subscriptions. NATS cannot move one between agents, so for a moment both
 * have theirs and both get every message:
 *
 * 1. `record`: the old version listens to the marker subject.
 * 2. `subscribe`: the new one publishes marker 0, subscribes, publishes marker 1, and, when the server has answered it, marker
 *    2. It holds what it gets. The old one notes what it gets behind marker 0.
 * 3. `stop`: the old one unsubscribes, tells what it got (`unsubscribed`), and finishes that.
 * 4. `forget`: the new one forgets what the old one got too. The rest is its own to answer, whatever comes.
 * 5. `release`: the old one has finished. The new one, in whichever agent, runs what waits.
 *
 * Messages may be equal in all that can be seen of them; the markers then tell which of them both have got.
 */
export const markers = ['0', '1', '2'] as const;

/** What the old version got, a key for each message. */
export const receivedSchema = z.object({
  /** Between the markers 0 and 1: got by the new version too, if at all, before marker 2. */
  early: z.array(z.string()),
  /** Behind marker 1: all of that the new version got too. */
  keys: z.array(z.string()),
});
export type Received = z.infer<typeof receivedSchema>;

export const nothingReceived: Received = { early: [], keys: [] };
