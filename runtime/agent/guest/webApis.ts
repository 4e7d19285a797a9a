import type { HostLine } from './hostLine.ts';
import type { CreateWebApis } from './web/main.ts';
import { timerNames } from './webApiNames.ts';

/**
 * What functions expect of a JavaScript runtime and the real node lacks. A context pays for what its function uses: each
 * is made by the first who reads it, who is warned. None is enumerable: a function that lists its globals finds those of Nex.
 */
export function installWebApis(
  line: HostLine,
  names: readonly string[],
  load: () => CreateWebApis,
): void {
  const { defineProperty } = Object;
  let makers: ReturnType<CreateWebApis> | undefined;
  let making = false;
  const make = (name: string): unknown => {
    makers ??= load()(line);
    making = true;
    const made = makers[name]?.();
    making = false;
    return made;
  };
  for (const name of names) {
    const attributes = { configurable: true, enumerable: false };
    const define = (value: unknown) =>
      defineProperty(globalThis, name, { ...attributes, value, writable: true });
    defineProperty(globalThis, name, {
      ...attributes,
      get: () => {
        // The packages behind one API look for others; they are not to find what is made of them.
        if (making) return undefined;
        line.warn(timerNames.includes(name) ? 'timer' : 'web-api', name);
        const made = make(name);
        define(made);
        return made;
      },
      set: define,
    });
  }
}
