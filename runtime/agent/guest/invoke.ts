import type { HostLine } from './hostLine.ts';
import { typedArrayName } from './typedArrayName.ts';

/**
 * How the call into the user's function ended, as one string: `R` and the reply's text, `P` and the text of what a
 * returned Promise gave, or `E` and the JSON of a `GuestFailure`. A string crosses the isolate's boundary cheapest.
 */
export type InvocationText = string;

export interface GuestFailure {
  /** What Nex logs: a thrown string itself, an Error as `Name: message`, anything else as a string. */
  text: string;
  stack?: string;
  /** The script gave no function that could be called. */
  stage?: 'script';
}

/** How long a chain of reactions may be to be seen; 16 turns take 2 µs. */
const microtaskTurns = 16;

/** Calls the user's function; a promise where the result takes its time. */
export type Invoke = (
  fn: unknown,
  subject: string,
  payload: Uint8Array,
) => InvocationText | Promise<InvocationText>;

type UserFunction = (this: typeof globalThis, subject: string, payload: Uint8Array) => unknown;

/** Binds the built-ins now, before the user's script could have changed them. */
export function createInvoke(line: HostLine): Invoke {
  const { stringify } = JSON;
  const textOf = String;
  const ErrorConstructor = Error;
  const PromiseConstructor = Promise;
  const settled = PromiseConstructor.resolve();

  // JSON.stringify gives undefined for undefined, functions and symbols; Nex then replies with that word.
  const returned = (value: unknown): InvocationText => {
    if (typedArrayName(value) !== undefined) line.warn('typed-array-returned');
    return `R${textOf(stringify(value))}`;
  };
  /** Nex serialises after the pending microtasks have run: what a `.then` changes in the result is sent changed. */
  const returnedLater = async (value: object): Promise<InvocationText> => {
    try {
      for (let turn = 0; turn < microtaskTurns; turn += 1) await settled;
      return returned(value);
    } catch (thrown) {
      return failed(thrown);
    }
  };
  const awaited = (value: unknown): InvocationText => `P${textOf(stringify(value))}`;

  const failed = (thrown: unknown): InvocationText => {
    const failure: GuestFailure = { text: safeText(thrown) };
    if (thrown instanceof ErrorConstructor && typeof thrown.stack === 'string') {
      failure.stack = thrown.stack;
    }
    // Without the prototype, which may have got a toJSON.
    return `E${stringify({ __proto__: null, ...failure })}`;
  };

  /** A promise's end, or what a timer's callback throws meanwhile. */
  const ended = (promise: Promise<unknown>): Promise<unknown> =>
    new PromiseConstructor((resolve, reject) => {
      line.fail = reject;
      promise.then(resolve, reject);
    });

  const safeText = (thrown: unknown): string => {
    try {
      return textOf(thrown);
    } catch {
      return 'a value that has no text was thrown';
    }
  };

  return (fn, subject, payload) => {
    try {
      if (typeof fn !== 'function') {
        throw new TypeError(
          `the script's last value is not a function but ${fn === null ? 'null' : typeof fn}`,
        );
      }
      const result = (fn as UserFunction).call(globalThis, subject, payload);
      if (result instanceof PromiseConstructor)
        return ended(result).then(awaited).then(undefined, failed);
      if (typeof result === 'object' && result !== null) return returnedLater(result);
      return returned(result);
    } catch (thrown) {
      return failed(thrown);
    }
  };
}
