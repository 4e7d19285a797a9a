import type ivm from 'isolated-vm';
import type { InvocationErrorKind } from '../protocol/serviceErrors.ts';
import type { HostResult } from './guest/host.ts';
import type { PausableTimer } from './pausableTimer.ts';

/** What runs a function: an isolate that is entered once per message. */
export interface Engine {
  readonly isolate: ivm.Isolate;
  /** Where there is more to be done before the first message; rejects with what stands against it. */
  readonly ready?: Promise<unknown>;
  /** CDP id of the context that an invocation runs in now. */
  readonly runningContextId: number | undefined;
  /** Newest CDP context id; all but the newest and the running one are gone. */
  readonly newestContextId: number;
  onContextGone(listener: (contextId: number) => void): void;
  /** Makes ready for the next message. Called when nothing runs, so that it costs no message's time. */
  prepare(): void;
  /** Runs the function once. Never rejects. `timer` is the invocation's clock, which stands still in the debugger. */
  invoke(
    subject: string,
    payload: Uint8Array,
    timer: PausableTimer,
    watcher: InvocationWatcher,
  ): Promise<InvocationResult>;
  /** Where one entry into the isolate may take several messages that wait. */
  readonly batch?: Batch;
  dispose(): void;
}

/** Messages that are run one after another in one entry: crossing into an isolate costs more than a short function. */
export interface Batch {
  /** How many messages the next entry may take. */
  readonly room: number;
  /**
   * Results of the first messages, one at least; the rest have not been begun. Never rejects. A limit that is passed ends
   * the entry: its invocation's result is the last.
   */
  invoke(
    messages: readonly TriggerMessage[],
    timer: PausableTimer,
    watcher: InvocationWatcher,
  ): Promise<readonly InvocationResult[]>;
}

export interface TriggerMessage {
  readonly subject: string;
  readonly payload: Uint8Array;
}

/** What the isolate may ask of its agent. */
export interface EngineHost {
  /** What the isolate asks from now on is for this message of the entry, counted from 0. */
  turnTo(position: number): void;
  call(service: string, method: string, args: unknown[]): Promise<HostResult>;
  log(method: string, text: string, stack: string): void;
  /** Warns of what would not work on a real node. The isolate says each thing once. */
  warn(code: string, detail: string, stack: string): void;
  /** Time in ms that the invocation has left. */
  readonly remainingMs: number;
  /** True while a debugger is attached: V8's own console gets the lines too. */
  readonly debuggerAttached: boolean;
  /** What the NATS server takes in one message. */
  readonly maxReplyBytes: number;
}

export type InvocationResult =
  | {
      kind: 'returned';
      /** What is sent: text of a JavaScript function, bytes of a WebAssembly function. */
      reply: string | Uint8Array;
      awaited: boolean;
    }
  | {
      kind: 'failed';
      error: InvocationErrorKind;
      text: string;
      stack?: string;
      /** Where it happened, if not in the call: before it, or when its result was to be sent. */
      stage?: 'script' | 'reply';
      /** The isolate can run nothing more. */
      final?: true;
    };

/** Who is told how far an invocation has come. */
export interface InvocationWatcher {
  /** Before any of the user's code; with the CDP id of its context. */
  starting(contextId: number): void;
  /** The isolate's own thread is at it: what is done here now costs the invocation no time. */
  running(): void;
}
