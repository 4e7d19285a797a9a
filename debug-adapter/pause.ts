import type { Protocol } from 'devtools-protocol';
import type { Position, SourcePosition } from './sourceMap.ts';

/** A frame of the user's, or one that awaits it. */
export interface UserFrame {
  readonly place: SourcePosition;
  /** In the script that runs. */
  readonly generated: Position;
  readonly name: string;
  /** Absent for a frame that has already returned to the event loop. */
  readonly frame?: Protocol.Debugger.CallFrame;
}

/** What stands between two frames: `await`, `Promise.then`… */
export interface AsyncBoundary {
  readonly boundary: string;
}

export type StackEntry = UserFrame | AsyncBoundary;

export type StopReason = 'breakpoint' | 'step' | 'entry' | 'exception' | 'pause';

/** The running invocation stands still, and the user has been told so. */
export interface Pause {
  readonly threadId: number;
  readonly reason: StopReason;
  readonly stack: readonly StackEntry[];
  readonly exception?: Protocol.Runtime.RemoteObject | undefined;
}
