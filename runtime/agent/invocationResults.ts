import type ivm from 'isolated-vm';
import { z } from 'zod';
import type { FunctionWorkload } from '../protocol/agentPipe.ts';
import { memoryText, timeoutText } from '../protocol/limitTexts.ts';
import type { InvocationResult } from './engine.ts';

const guestFailureSchema = z.object({
  text: z.string(),
  stack: z.string().optional(),
  stage: z.literal('script').optional(),
});

/** What the guest says of a call: `guest/invoke.ts`'s InvocationText. */
export function parseInvocationText(value: unknown): InvocationResult {
  const text = z.string().parse(value);
  const rest = text.slice(1);
  switch (text[0]) {
    case 'R':
      return { kind: 'returned', reply: rest, awaited: false };
    case 'P':
      return { kind: 'returned', reply: rest, awaited: true };
    default:
      return thrownFailure(guestFailureSchema.parse(JSON.parse(rest)));
  }
}

/**
 * The time is up. The isolate answers as soon as nothing runs in it any more; some built-ins cannot be interrupted,
 * and then the node ends this process from outside.
 */
export async function expired(
  isolate: ivm.Isolate,
  workload: FunctionWorkload,
): Promise<InvocationResult> {
  await isolate.getHeapStatistics();
  return timedOut(workload);
}

/** Errors of isolated-vm itself, and what the user's script threw before it gave its function. */
export function engineFailure(
  error: unknown,
  isolate: ivm.Isolate,
  workload: FunctionWorkload,
): InvocationResult {
  if (isolate.isDisposed) {
    return { kind: 'failed', error: 'memory', text: memoryText(workload.limits), final: true };
  }
  if (error instanceof Error && error.message === 'Script execution timed out.') {
    return timedOut(workload);
  }
  // A thrown string stays one.
  const stack = error instanceof Error ? error.stack : undefined;
  return thrownFailure({
    text: String(error),
    stack: stack === undefined ? undefined : withoutBoundary(stack),
    stage: 'script',
  });
}

const timedOut = ({ type, limits }: FunctionWorkload): InvocationResult => ({
  kind: 'failed',
  error: 'timeout',
  text: timeoutText(type, limits),
});

const thrownFailure = ({
  text,
  stack,
  stage,
}: z.infer<typeof guestFailureSchema>): InvocationResult => ({
  kind: 'failed',
  error: 'thrown',
  text,
  ...(stack === undefined ? {} : { stack }),
  ...(stage === undefined ? {} : { stage }),
});

/** isolated-vm adds the agent's own frames below this line. */
const withoutBoundary = (stack: string) => stack.split('\n    at (<isolated-vm boundary>)')[0];
