/**
 * The agent's side, as the isolate sees it: two isolated-vm references. They live in a context of their own, since
 * handing references to every fresh context costs 70 µs each time; what they return belongs to that context too and is
 * made anew here.
 */
export interface Host {
  /** Runs a host-service call and waits for it. */
  readonly call: SyncPromiseReference;
  /** Publishes one console line: position, method, text, and the stack at the call. Returns whether a debugger listens. */
  readonly log: SyncReference;
}

/** `error` carries the string that the function sees thrown. */
export type HostResult =
  | readonly ['nothing', undefined]
  | readonly ['bytes', Uint8Array]
  | readonly ['json', string]
  | readonly ['error', string];

interface SyncPromiseReference {
  applySyncPromise: (
    receiver: undefined,
    args: [position: number, service: string, method: string, ...args: unknown[]],
    options: { arguments: { copy: true } },
  ) => HostResult;
}

interface SyncReference {
  applySync: (
    receiver: undefined,
    args: [position: number, method: string, text: string, stack: string],
  ) => boolean;
}
