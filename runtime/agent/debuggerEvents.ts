import { nexDevDomain } from '../protocol/inspector.ts';
import type { InvocationResult } from './engine.ts';
import type { InspectorServer } from './inspector/inspectorServer.ts';
import type { Invocation } from './invocation.ts';

/** Tells attached debuggers that an invocation begins, in the context with that CDP id. */
export function tellInvocationStarted(
  inspector: InspectorServer | undefined,
  { number, job }: Invocation,
  contextId: number,
): void {
  const { origin, subject } = job;
  inspector?.broadcast(nexDevDomain.invocationStarted, {
    invocation: number,
    subject,
    contextId,
    ...(origin.kind === 'replay' ? { replay: { stream: origin.stream, seq: origin.seq } } : {}),
  });
}

export function tellInvocationEnded(
  inspector: InspectorServer | undefined,
  { number }: Invocation,
  outcome: InvocationResult,
  contextId: number,
): void {
  if (inspector?.hasClients !== true) return;
  inspector.broadcast(nexDevDomain.invocationEnded, {
    invocation: number,
    contextId,
    outcome: outcome.kind,
    text: outcome.kind === 'failed' ? outcome.text : Buffer.from(outcome.reply).toString('utf8'),
  });
}
