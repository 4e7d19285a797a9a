import type { Shim } from './host.ts';

type Call = (this: unknown, ...args: never[]) => unknown;

/** Makes functions that look like the host's own. */
export type MakeNative = (name: string, call: Call, length?: number) => Shim;

/**
 * For one context: functions with a name, with `[native code]` as their text and fit for `new`, as those are that v8go
 * makes of its templates.
 */
export function createNativeFunctions(): MakeNative {
  const { defineProperty } = Object;
  const { apply } = Reflect;
  const names = new WeakMap<object, string>();
  const nameOf = names.get.bind(names);
  const native: MakeNative = (name, call, length = 0) => {
    const made = function (this: unknown, ...args: unknown[]) {
      return apply(call, this, args) as unknown;
    };
    defineProperty(made, 'name', { value: name });
    defineProperty(made, 'length', { value: length });
    names.set(made, name);
    return made;
  };
  const sourceOf = Object.getOwnPropertyDescriptor(Function.prototype, 'toString')?.value as Call;
  const toString = native('toString', function () {
    const name = typeof this === 'function' ? nameOf(this) : undefined;
    return name === undefined ? apply(sourceOf, this, []) : `function ${name}() { [native code] }`;
  });
  defineProperty(Function.prototype, 'toString', { value: toString });
  return native;
}
