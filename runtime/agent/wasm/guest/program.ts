import type { GuestMemory } from './guestMemory.ts';
import type { LineBuffer } from './lineBuffer.ts';
import type { Output } from './output.ts';
import type { System } from './system.ts';

/** One run of a program: what its WASI functions work on. */
export interface Program {
  memory: GuestMemory;
  readonly system: System;
  readonly args: readonly Uint8Array[];
  readonly environment: readonly Uint8Array[];
  readonly input: Uint8Array;
  /** How much of the input has been read. */
  inputPosition: number;
  readonly output: Output;
  readonly errors: LineBuffer;
  /** File descriptors that are open: 0, 1 and 2 at first, and never others. */
  readonly open: Set<number>;
}

/** Thrown through the program by `proc_exit`. */
export class ProgramExit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`the function ended with exit code ${code}`);
    this.code = code;
  }
}
