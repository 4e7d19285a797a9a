import type { LogEntry } from '../protocol/logs.ts';
import type { Replayed } from '../protocol/agentPipe.ts';

/** One message for the function: from a trigger subject, or a stored one that is replayed. */
export type Job = TriggerJob | ReplayJob;

interface Message {
  readonly subject: string;
  readonly payload: Uint8Array;
}

export interface TriggerJob extends Message {
  readonly origin: {
    readonly kind: 'trigger';
    readonly trigger: string;
    /** Which one where several triggers of the workload are the same, from 0. */
    readonly occurrence: number;
    readonly reply: string | undefined;
    /** Somebody waits for a reply, and gets none from here. */
    readonly withheld?: true;
  };
}

interface ReplayJob extends Message {
  readonly origin: {
    readonly kind: 'replay';
    readonly request: number;
    readonly stream: string;
    readonly seq: number;
    readonly headers: Record<string, string[]>;
    readonly done: (result: Replayed) => void;
  };
}

/** A job while it runs. */
export interface Invocation {
  /** Within the workload, from 1. */
  readonly number: number;
  readonly job: Job;
  readonly logs: LogEntry[];
}
