import type { HostLine } from './hostLine.ts';
import type { InvocationText, Invoke } from './invoke.ts';
import { entryMs, type PackedMessages } from './packedMessages.ts';

/** What one entry gave: the texts of those that have ended, and whether the last of them talked to its host. */
export interface Entry {
  readonly texts: InvocationText[];
  readonly talked: boolean;
}

/** Runs messages one after another; by an entry's number alone cuts that off, and says what it had finished. */
type InvokeEach = (asked: PackedMessages | number) => Promise<Entry> | InvocationText[];

/** The call of a function whose context all invocations share. */
export function createInvokeEach(invoke: Invoke, line: HostLine): (fn: unknown) => InvokeEach {
  const { now } = Date;
  let running: { entry: number; texts: InvocationText[] } | undefined;

  const run = async (
    fn: unknown,
    { entry, subjects, lengths, bytes }: PackedMessages,
  ): Promise<Entry> => {
    const texts: InvocationText[] = [];
    const own = (running = { entry, texts });
    const until = now() + entryMs;
    let offset = 0;
    line.forget();
    for (let position = 0; position < subjects.length; position += 1) {
      line.position = position;
      const end = offset + (lengths[position] ?? 0);
      const result = invoke(fn, subjects[position] ?? '', bytes.slice(offset, end));
      const text = typeof result === 'string' ? result : await result;
      // Those behind it run elsewhere now.
      if (running !== own) break;
      texts.push(text);
      line.ended();
      offset = end;
      if (line.talked || now() >= until) break;
    }
    return { texts, talked: line.talked };
  };

  const cutOff = (entry: number): InvocationText[] => {
    const finished = running?.entry === entry ? running.texts : [];
    running = undefined;
    return finished;
  };

  return (fn) => (asked) => (typeof asked === 'number' ? cutOff(asked) : run(fn, asked));
}
