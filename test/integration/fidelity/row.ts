/**
 * What the real Nex 0.3.0-rc1 does with a function, line by line of its protocol's description, and what this node does
 * in each mode. A row whose modes differ says why.
 */
export interface Row {
  /** Section of the protocol's description, and what the row is about. */
  readonly line: string;
  /** `(subject, payload) => …`; `attempt(f)` is what `f` returns or throws. */
  readonly source: string;
  readonly message?: string | Uint8Array;
  readonly strict: Outcome;
  /** As in strict, where it is left out. */
  readonly faithful?: Outcome;
  readonly reason?: string;
  /** Text of the failure in the log, in strict. */
  readonly logged?: string;
}

/** The reply's text; silence; or the text of an error reply. */
export type Outcome = string | typeof silence | { readonly error: string };
export const silence = Symbol('silence');

export const reasons = {
  loud: 'a failure is answered at once: nobody is to wait for a time-out',
  awaits: 'a Promise is awaited, with a warning',
  sendable: 'what cannot be said as JSON is an error: an empty reply hides it',
  bytes: 'bytes arrive as they were given: the real node loses data',
  oneContext: 'values belong to the one context: instanceof works',
  newer: 'the language is that of this V8; what is newer is warned of',
  dropped: 'addresses arrive as they were given: the real node loses data',
  told: 'an error that says so beats a message that goes nowhere',
} as const;
