import type { Position, SourcePosition } from './sourceMap.ts';

export interface FunctionAround {
  /** Of its last character. */
  readonly end: SourcePosition;
  includes(position: Position): boolean;
}

/** What the debugger asks of the code that V8 runs, whatever language it is in. Positions are CDP's. */
export interface CodeQuestions {
  /** V8's name for it. */
  readonly url: string;
  /** Every place where V8 can stop, in order. */
  breakLocations(): Promise<readonly Position[]>;
  /** The first statement that runs for a message, where it is known. */
  entry(): Position | undefined;
  /** Undefined for what is not the user's. */
  toSource(position: Position): SourcePosition | undefined;
  /** The innermost function around a position, with its end in the source; undefined outside of any. */
  functionAround(position: Position): FunctionAround | undefined;
  /** What the user calls a function that V8 has on the stack at a position. */
  functionName(name: string, position: Position): string;
  /** The user's expression as V8 has to evaluate it at a position. */
  expressionAt(position: Position, expression: string): string;
  /** Whether something thrown passes through these frames into a handler of the user's own. */
  isCaught(frames: readonly Position[]): boolean;
  isDebuggerStatement(position: Position): boolean;
}
