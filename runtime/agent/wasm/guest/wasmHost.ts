import type { Mode } from '../../../protocol/workloadTypes.ts';

/** The agent's side, as the guest of a WebAssembly function sees it: isolated-vm references. */
export interface WasmHost {
  /** Logs a piece of a message's stderr, whole lines where it can. Returns its text where a debugger listens. */
  readonly stderr: SyncReference<[position: number, bytes: Uint8Array], string | undefined>;
  /** So many bytes that nobody can foretell. */
  readonly random: SyncReference<[length: number], Uint8Array>;
}

export interface WasmSettings {
  readonly mode: Mode;
  readonly environment: Readonly<Record<string, string>>;
  /** Second argument of the program; the trigger subject where it is undefined. */
  readonly subject: string | undefined;
  /** A longer reply cannot be sent. */
  readonly maxReplyBytes: number;
}

/**
 * How an invocation ended: the reply, or the JSON of a `WasmFailure`; the two cross the isolate's boundary as they are.
 */
export type WasmOutcome = Uint8Array | string;

export interface WasmFailure {
  readonly text: string;
  readonly stack?: string;
  /** Size of the memory then. */
  readonly memoryBytes: number;
}

interface SyncReference<Args extends unknown[], Result> {
  applySync: (
    receiver: undefined,
    args: Args,
    options: { arguments: { copy: true }; result: { copy: true } },
  ) => Result;
}

/** All that crosses is copied. */
export const copied = { arguments: { copy: true }, result: { copy: true } } as const;
