import { formatConsole } from '../../protocol/consoleFormat.ts';
import { show, valueReader } from './valueReader.ts';
import type { HostLine } from './hostLine.ts';

type Printer = (...args: unknown[]) => void;

/**
 * Gives `console` a voice: V8's own reaches nobody but an inspector. Lines go to the workload's log; where a debugger
 * listens, V8's console gets them too, so that it can show objects as objects. Made at its first use: most invocations
 * print nothing, and twenty functions cost each context a tenth of its preparation.
 */
export function installConsole(line: HostLine): void {
  const native = globalThis.console as unknown as Record<string, Printer>;
  const { defineProperty } = Object;
  const ErrorConstructor = Error;
  const define = (value: unknown) => {
    const attributes = { value, writable: true, configurable: true, enumerable: false };
    defineProperty(globalThis, 'console', attributes);
  };
  const print: Print = (method, text, args) => {
    const stack = new ErrorConstructor().stack ?? '';
    if (line.log(method, text, stack)) native[method]?.(...args);
  };
  defineProperty(globalThis, 'console', {
    configurable: true,
    enumerable: false,
    get: () => {
      const made = createConsole(print);
      define(made);
      return made;
    },
    set: define,
  });
}

type Print = (method: string, text: string, args: unknown[]) => void;

function createConsole(print: Print): Record<string, Printer> {
  const printer =
    (method: string): Printer =>
    (...args) =>
      print(method, textOf(args), args);

  const counts = new Map<string, number>();
  const starts = new Map<string, number>();
  const now = Date.now;
  const label = (value: unknown) => (value === undefined ? 'default' : show(value));
  const elapsed = (name: string) => `${name}: ${now() - (starts.get(name) ?? now())}ms`;
  const report = (text: string) => print('log', text, [text]);

  const shims: Record<string, Printer> = {
    ...Object.fromEntries(
      ['log', 'info', 'debug', 'warn', 'error', 'trace', 'table', 'group', 'groupCollapsed'].map(
        (method) => [method, printer(method)],
      ),
    ),
    dir: (value) => print('dir', textOf([value]), [value]),
    dirxml: printer('dirxml'),
    groupEnd: () => undefined,
    clear: () => undefined,
    assert: (condition, ...args) => {
      if (condition) return;
      const suffix = args.length > 0 ? `: ${textOf(args)}` : '';
      print('assert', `Assertion failed${suffix}`, [false, ...args]);
    },
    count: (name) => {
      const key = label(name);
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      report(`${key}: ${count}`);
    },
    countReset: (name) => void counts.delete(label(name)),
    time: (name) => void starts.set(label(name), now()),
    timeLog: (name) => report(elapsed(label(name))),
    timeEnd: (name) => {
      report(elapsed(label(name)));
      starts.delete(label(name));
    },
  };

  for (const [method, shim] of Object.entries(shims)) {
    Object.defineProperty(shim, 'name', { value: method });
  }
  return shims;
}

const textOf = (args: readonly unknown[]) => formatConsole(args, valueReader);
