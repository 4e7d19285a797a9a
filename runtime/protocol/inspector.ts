import { z } from 'zod';

/**
 * The inspector end of an agent: CDP over WebSocket on 127.0.0.1, with `/json/version` and `/json/list`.
 *
 * What it does for every client: cures V8's lost wake-up while paused, hides and blackboxes the runtime's own scripts
 * (`internalScheme`), and reports `Runtime.executionContextDestroyed` when an invocation's context is gone.
 *
 * A client that adds `?hold=1` to the URL holds back the workload's messages from its connection until it sends
 * `Runtime.runIfWaitingForDebugger` (or goes away): time to set breakpoints. Holding never drops a message.
 *
 * After `NexDev.enable` a client also gets the events below.
 */
export const internalScheme = 'nexdev:';
export const holdParameter = 'hold';

export const invocationStartedSchema = z.object({
  /** Number within the workload, from 1. */
  invocation: z.number().int(),
  /** Concrete subject of the message. */
  subject: z.string(),
  /** CDP id of the invocation's execution context. */
  contextId: z.number().int(),
  replay: z.object({ stream: z.string(), seq: z.number().int() }).optional(),
});
export type InvocationStarted = z.infer<typeof invocationStartedSchema>;

export const invocationEndedSchema = z.object({
  invocation: z.number().int(),
  contextId: z.number().int(),
  /** Reply text, or the error's. */
  outcome: z.enum(['returned', 'failed']),
  text: z.string(),
});
export type InvocationEnded = z.infer<typeof invocationEndedSchema>;

/** Sent when the number of messages waiting behind the current one changes while stopped in the debugger. */
export const waitingChangedSchema = z.object({ waiting: z.number().int() });

/** CDP names of our own domain. */
export const nexDevDomain = {
  enable: 'NexDev.enable',
  invocationStarted: 'NexDev.invocationStarted',
  invocationEnded: 'NexDev.invocationEnded',
  waitingChanged: 'NexDev.waitingChanged',
} as const;
