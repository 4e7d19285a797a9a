import type { Realm } from './host.ts';
import { failureText, type InvocationText, type Invoke } from './invoke.ts';
import { textOf } from './transfer.ts';

/** A call, and then, entered without arguments once the microtasks have run, the text of its reply. */
type StrictInvoke = (...args: [] | Parameters<Invoke>) => InvocationText;

/** Says that the reply waits for the microtasks: the agent enters once more for it. */
const pending = 'W';

/**
 * The call as the real node makes it (`agent/providers/lib/v8.go` Execute): nobody awaits anything, the result becomes
 * JSON after all pending microtasks, and what JSON cannot say is an empty reply.
 */
export function createStrictInvoke(realm: Realm): StrictInvoke {
  const { stringify } = JSON;
  let result: unknown;

  const call = (fn: unknown, subject: string, payload: Uint8Array): InvocationText => {
    if (typeof fn !== 'function') return failureText('v8go: value is not a Function');
    const bytes = realm.bytes(payload);
    try {
      result = (fn as (...args: unknown[]) => unknown).call(globalThis, subject, bytes);
      return pending;
    } catch (thrown) {
      return failureText(textOf(thrown));
    }
  };
  const reply = () => {
    try {
      return `R${textOf(stringify(result))}`;
    } catch {
      return 'R';
    }
  };
  return (...args) => (args.length === 0 ? reply() : call(...args));
}

/** More reactions than a function that answers at once leaves behind. */
const microtaskTurns = 1000;

/** The same in one entry, for a context that is shared, which the real node does not have. */
export function replyAfterMicrotasks(invoke: StrictInvoke): Invoke {
  const settled = Promise.resolve();
  return async (...args) => {
    const text = invoke(...args);
    if (text !== pending) return text;
    for (let turn = 0; turn < microtaskTurns; turn += 1) await settled;
    return invoke();
  };
}
