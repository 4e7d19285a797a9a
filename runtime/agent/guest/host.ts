import type { WebOperation, WebValue } from './web/webHost.ts';

/**
 * The agent's side, as the isolate sees it: isolated-vm references. They live in a context of their own, since handing
 * references to every fresh context costs 70 µs each time; what they return belongs to that context too and is made anew
 * here.
 */
export interface Host {
  /** Runs a host-service call and waits for it. */
  readonly call: {
    applySyncPromise: (
      receiver: undefined,
      args: [position: number, service: string, method: string, ...args: unknown[]],
      options: { arguments: { copy: true } },
    ) => HostResult;
  };
  /** Publishes one console line: position, method, text, and the stack at the call. Returns whether a debugger listens. */
  readonly log: SyncReference<
    [position: number, method: string, text: string, stack: string],
    boolean
  >;
  readonly warn: SyncReference<
    [position: number, code: string, detail: string, stack: string],
    undefined
  >;
  /** What the workload has been warned of: codes, and codes with their detail. All contexts share it. */
  readonly told: Record<string, boolean>;
  /** Makes values in the context that the host lives in: on the real node, whatever is given to a function belongs to another. */
  readonly realm: Realm;
  readonly web: SyncReference<[operation: WebOperation, ...args: WebValue[]], WebValue>;
  readonly setTimer: SyncReference<[id: number, ms: number], undefined>;
  readonly clearTimer: SyncReference<[id: number], undefined>;
  readonly onTimer: SyncReference<[fire: (id: number) => void], undefined>;
}

export interface Realm {
  bytes(bytes: Uint8Array): Uint8Array;
  parse(text: string): unknown;
  object<Members extends Shims>(members: Members): Members;
}

/** Functions by their names. */
export type Shims = Record<string, Shim>;
export type Shim = (...args: unknown[]) => unknown;

/** `error` carries the string that the function sees thrown. */
export type HostResult =
  | readonly ['nothing', undefined]
  | readonly ['bytes', Uint8Array]
  | readonly ['json', string]
  | readonly ['error', string];

interface SyncReference<Args extends unknown[], Result> {
  applySync: (receiver: undefined, args: Args, options?: TransferOptions) => Result;
}

interface TransferOptions {
  arguments?: { copy: true } | { reference: true };
  result?: { copy: true };
}
