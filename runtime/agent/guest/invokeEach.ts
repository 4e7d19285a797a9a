import type { HostLine } from './hostLine.ts';
import type { InvocationText, Invoke } from './invoke.ts';

/** What one entry gave: the texts of those that have ended, and whether the last of them talked to its host. */
export interface Entry {
  readonly texts: InvocationText[];
  readonly talked: boolean;
}

/** The messages of one entry, their payloads in one piece. */
interface PackedMessages {
  readonly subjects: string[];
  readonly lengths: number[];
  readonly bytes: Uint8Array;
}

/** Runs messages one after another; without messages, says what the entry that was cut off had finished. */
type InvokeEach = (messages?: PackedMessages) => Promise<Entry> | InvocationText[];

/** Time in ms that an entry may take before it leaves the rest for the next, so that nobody waits for many. */
const entryMs = 2;

/** The call of a function whose context all invocations share. */
export function createInvokeEach(invoke: Invoke, line: HostLine): (fn: unknown) => InvokeEach {
  const { now } = Date;
  let texts: InvocationText[] = [];

  const run = async (fn: unknown, { subjects, lengths, bytes }: PackedMessages): Promise<Entry> => {
    const until = now() + entryMs;
    let offset = 0;
    line.forget();
    texts = [];
    for (let position = 0; position < subjects.length; position += 1) {
      line.position = position;
      const end = offset + (lengths[position] ?? 0);
      const result = invoke(fn, subjects[position] ?? '', bytes.slice(offset, end));
      texts.push(typeof result === 'string' ? result : await result);
      line.ended();
      offset = end;
      if (line.talked || now() >= until) break;
    }
    return { texts, talked: line.talked };
  };

  return (fn) => (messages) => (messages === undefined ? texts : run(fn, messages));
}
