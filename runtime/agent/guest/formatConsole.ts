import type * as ObjectInspect from 'object-inspect';

/**
 * Loaded by the first line that is printed, not by every context: as an import it would cost each invocation more than
 * its own call. The bundler turns this `require` into a lazy call inside the one script.
 */
declare const require: (name: 'object-inspect') => typeof ObjectInspect.default;

/** The text of console arguments, with the format specifiers of the console standard (%s %d %i %f %o %O %c %%). */
export function formatConsole(args: readonly unknown[]): string {
  const [first, ...rest] = args;
  if (typeof first !== 'string' || !first.includes('%')) return args.map(show).join(' ');
  let next = 0;
  const head = first.replace(/%[sdifoOc%]/g, (specifier) => {
    if (specifier === '%%') return '%';
    if (next >= rest.length) return specifier;
    return substitute(specifier, rest[next++]);
  });
  return [head, ...rest.slice(next).map(show)].join(' ');
}

function substitute(specifier: string, value: unknown): string {
  switch (specifier) {
    case '%d':
    case '%f':
      return String(typeof value === 'symbol' ? NaN : Number(value));
    case '%i':
      return String(typeof value === 'symbol' ? NaN : Math.trunc(Number(value)));
    case '%c':
      return '';
    case '%s':
      return show(value);
    default:
      return show(value);
  }
}

export function show(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    if (value instanceof Error && typeof value.stack === 'string') return value.stack;
    return require('object-inspect')(value, { depth: 4, maxStringLength: 10_000 });
  } catch (error) {
    return `[cannot be shown: ${String(error)}]`;
  }
}
