/** The messages of one entry, their payloads in one piece. */
export interface PackedMessages {
  /** Number of the entry. */
  readonly entry: number;
  readonly subjects: string[];
  readonly lengths: number[];
  readonly bytes: Uint8Array;
}

/** Time in ms that an entry may take before it leaves the rest for the next, so that nobody waits for many. */
export const entryMs = 2;
