import { z } from 'zod';
import type { WasmWorkload } from '../../protocol/agentPipe.ts';
import type { InvocationResult } from '../engine.ts';

const failureSchema = z.object({
  text: z.string(),
  stack: z.string().optional(),
  memoryBytes: z.number(),
});

/** What the guest gave (`guest/wasmHost.ts`'s `WasmOutcome`) as a result. */
export function readOutcome(outcome: unknown, { limits }: WasmWorkload): InvocationResult {
  if (outcome instanceof Uint8Array) return { kind: 'returned', reply: outcome, awaited: false };
  const { text, stack, memoryBytes } = failureSchema.parse(JSON.parse(z.string().parse(outcome)));
  return {
    kind: 'failed',
    error: 'thrown',
    text: `${text}${memoryNote(memoryBytes, limits.memoryMb)}`,
    ...(stack === undefined ? {} : { stack }),
  };
}

/** A program that is refused more memory ends in a trap of its own, which does not say why. */
function memoryNote(bytes: number, memoryMb: number): string {
  const usedMb = Math.round(bytes / 1024 ** 2);
  // Allocators double what they ask for, so the refusal comes well before the limit.
  return usedMb * 4 < memoryMb
    ? ''
    : `; its memory had grown to ${usedMb} MB of at most ${memoryMb} MB`;
}
