import type * as ObjectInspect from 'object-inspect';
import type { ConsoleReader } from '../../protocol/consoleFormat.ts';

/**
 * Loaded by the first line that is printed, not by every context: as an import it would cost each invocation more than
 * its own call. The bundler turns this `require` into a lazy call inside the one script.
 */
declare const require: (name: 'object-inspect') => typeof ObjectInspect.default;

/** Reads console arguments as they are. */
export const valueReader: ConsoleReader<unknown> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  print: show,
  inspect: show,
  number: (value) => (typeof value === 'symbol' ? NaN : Number(value)),
};

export function show(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    if (value instanceof Error && typeof value.stack === 'string') return value.stack;
    return require('object-inspect')(value, { depth: 4, maxStringLength: 10_000 });
  } catch (error) {
    return `[cannot be shown: ${String(error)}]`;
  }
}
