import type { SourceRecord } from '../runtime/protocol/sources.ts';

/** Where the workload can be debugged at this moment. */
export interface InspectorAddress {
  readonly webSocketUrl: string;
  /** Shown while it waits: the workload's name and what it waits on. */
  readonly title: string;
  readonly record: SourceRecord;
}

export interface TargetReport {
  print(text: string, category?: 'console' | 'stdout' | 'stderr'): void;
  signal: AbortSignal;
}

/** The workload of a session, as its node has it. */
export interface DebugTarget extends AsyncDisposable {
  readonly name: string;
  readonly stopOnEntry: boolean;
  /** Throws `no-such-workload` once it is stopped for good; other errors pass. */
  locate(): Promise<InspectorAddress>;
  /**
   * Deploys the file as it is now, in the place of what runs; on failure that goes on.
   * Absent without a file. `args` are newer launch arguments, where there are some.
   */
  redeploy?(args: unknown): Promise<void>;
  /** Sends the message that the session was started with, if any; resolves with its outcome printed. */
  deliver(): Promise<void>;
  /** Stops the workload on its node. */
  stop(): Promise<void>;
}

/** Makes the target of a session. */
export interface DebugTargets {
  launch(args: unknown, report: TargetReport): Promise<DebugTarget>;
  attach(args: unknown, report: TargetReport): Promise<DebugTarget>;
}
