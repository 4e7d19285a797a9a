/** How a console argument is read: as the value itself inside the isolate, as a CDP RemoteObject in the adapter. */
export interface ConsoleReader<Value> {
  /** The text of a string; undefined for all else. */
  string(value: Value): string | undefined;
  /** As it stands among other arguments: a string without quotes. */
  print(value: Value): string;
  /** As an object inspector shows it. */
  inspect(value: Value): string;
  number(value: Value): number;
}

/** The text of console arguments, with the format specifiers of the console standard (%s %d %i %f %o %O %c %%). */
export function formatConsole<Value>(args: readonly Value[], reader: ConsoleReader<Value>): string {
  const print = (value: Value) => reader.print(value);
  const [first, ...rest] = args;
  const format = first === undefined ? undefined : reader.string(first);
  if (format?.includes('%') !== true) return args.map(print).join(' ');
  let next = 0;
  const head = format.replace(/%[sdifoOc%]/g, (specifier) => {
    if (specifier === '%%') return '%';
    if (next >= rest.length) return specifier;
    return substitute(specifier, rest[next++] as Value, reader);
  });
  return [head, ...rest.slice(next).map(print)].join(' ');
}

function substitute<Value>(specifier: string, value: Value, reader: ConsoleReader<Value>): string {
  switch (specifier) {
    case '%c':
      return '';
    case '%s':
      return reader.print(value);
    case '%d':
    case '%f':
      return String(reader.number(value));
    case '%i':
      return String(Math.trunc(reader.number(value)));
    default:
      return reader.inspect(value);
  }
}
