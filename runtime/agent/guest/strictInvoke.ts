import type { Realm } from './host.ts';
import type { GuestFailure, InvocationText, Invoke } from './invoke.ts';
import { textOf } from './transfer.ts';

/** A call, and then, entered without arguments once the microtasks have run, how it ended. */
type StrictInvoke = (...args: [] | Parameters<Invoke>) => InvocationText;

/**
 * The call as the real node makes it (`agent/providers/lib/v8.go` Execute): nobody awaits anything, the result becomes
 * JSON after all pending microtasks, and what JSON cannot say is an empty reply.
 */
export function createStrictInvoke(realm: Realm): StrictInvoke {
  const { stringify } = JSON;
  let end: InvocationText = '';
  let result: unknown;

  /** Without the prototype, which may have got a toJSON. */
  const failed = (failure: GuestFailure): InvocationText =>
    `E${stringify({ __proto__: null, ...failure })}`;
  const call = (fn: unknown, subject: string, payload: Uint8Array): InvocationText => {
    if (typeof fn !== 'function') {
      return failed({ text: 'v8go: value is not a Function', stage: 'script' });
    }
    const bytes = realm.bytes(payload);
    try {
      result = (fn as (...args: unknown[]) => unknown).call(globalThis, subject, bytes);
      return '';
    } catch (thrown) {
      return failed({ text: untilNul(textOf(thrown)) });
    }
  };
  const reply = (): InvocationText => {
    try {
      return `R${textOf(stringify(result))}`;
    } catch {
      return 'R';
    }
  };
  return (...args) => {
    if (args.length === 3) return (end = call(...args));
    return end === '' ? reply() : end;
  };
}

/** To v8go a NUL byte ends an error's text. */
const untilNul = (text: string) => text.replace(/\0[^]*/, '');

/** More reactions than a function that answers at once leaves behind. */
const microtaskTurns = 1000;

/** The same in one entry, for a context that is shared, which the real node does not have. */
export function replyAfterMicrotasks(invoke: StrictInvoke): Invoke {
  const settled = Promise.resolve();
  return async (...args) => {
    invoke(...args);
    for (let turn = 0; turn < microtaskTurns; turn += 1) await settled;
    return invoke();
  };
}
