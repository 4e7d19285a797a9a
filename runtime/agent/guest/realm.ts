/**
 * The context that a `strict` function's payload and all that its host services give belongs to, as on the real node.
 * Built into a script of its own, which runs there.
 */
import type { Realm } from './host.ts';
import { createNativeFunctions } from './nativeFunctions.ts';
import { removeNewerGlobals } from './strictGlobals.ts';

const createRealm = (): Realm => {
  removeNewerGlobals();
  const native = createNativeFunctions();
  refuseCode();
  return {
    bytes: (bytes) => new Uint8Array(bytes),
    parse: (text): unknown => JSON.parse(text),
    object: (members) =>
      Object.fromEntries(
        Object.entries(members).map(([name, call]) => [name, native(name, call)]),
      ) as typeof members,
  };
};

/** Out of the realm's functions no code can be made: its global is out of reach. */
function refuseCode(): void {
  const refuse = () => {
    throw new TypeError('no access');
  };
  const anyKind = [
    () => 1,
    async () => Promise.resolve(1),
    function* () {
      yield 1;
    },
    async function* () {
      yield Promise.resolve(1);
    },
  ];
  for (const each of anyKind) {
    Object.defineProperty(Object.getPrototypeOf(each), 'constructor', { value: refuse });
  }
}

(globalThis as { nexdevRealm?: typeof createRealm }).nexdevRealm = createRealm;
