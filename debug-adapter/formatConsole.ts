import { printedText, valueText } from './valueText.ts';
import type { RemoteObject } from './variable.ts';

/** The text of console arguments, with the format specifiers of the console standard (%s %d %i %f %o %O %c %%). */
export function formatConsole(args: readonly RemoteObject[]): string {
  const [first, ...rest] = args;
  if (first?.type !== 'string' || !String(first.value).includes('%')) {
    return args.map(printedText).join(' ');
  }
  let next = 0;
  const head = String(first.value).replace(/%[sdifoOc%]/g, (specifier) => {
    if (specifier === '%%') return '%';
    const value = rest[next];
    if (value === undefined) return specifier;
    next += 1;
    return substitute(specifier, value);
  });
  return [head, ...rest.slice(next).map(printedText)].join(' ');
}

function substitute(specifier: string, value: RemoteObject): string {
  switch (specifier) {
    case '%c':
      return '';
    case '%s':
      return printedText(value);
    case '%d':
    case '%f':
      return String(Number(printedText(value)));
    case '%i':
      return String(Math.trunc(Number(printedText(value))));
    default:
      return valueText(value);
  }
}
