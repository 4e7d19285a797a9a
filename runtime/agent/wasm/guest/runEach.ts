import { entryMs, type PackedMessages } from '../../guest/packedMessages.ts';
import type { Run } from './run.ts';
import type { WasmOutcome } from './wasmHost.ts';

/**
 * Runs messages one after another, each as a fresh instance, and gives the outcomes of those that it came to. By the
 * number of an entry that was ended from outside it says what that had finished.
 */
export type RunEach = (asked: PackedMessages | number) => WasmOutcome[];

export function createRunEach(run: Run): RunEach {
  const { now } = Date;
  let last: { readonly entry: number; readonly outcomes: WasmOutcome[] } | undefined;

  const runAll = ({ entry, subjects, lengths, bytes }: PackedMessages): WasmOutcome[] => {
    const outcomes: WasmOutcome[] = [];
    last = { entry, outcomes };
    const until = now() + entryMs;
    let offset = 0;
    for (const [position, subject] of subjects.entries()) {
      const end = offset + (lengths[position] ?? 0);
      outcomes.push(run(subject, bytes.slice(offset, end), position));
      offset = end;
      if (now() >= until) break;
    }
    return outcomes;
  };

  return (asked) => {
    if (typeof asked !== 'number') return runAll(asked);
    return last?.entry === asked ? last.outcomes : [];
  };
}
