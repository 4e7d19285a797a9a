/** En dash, em dash, horizontal bar and minus sign, one or two of them, as slides and word processors make of `--`. */
const typographic = /^[\u2013\u2014\u2015\u2212]{1,2}(?=[A-Za-z])/;

/**
 * Gives flags that were pasted with a typographic dash (`–type`) their two hyphens back. Only what then is one of
 * `flags` (`--type`) is touched: a payload may begin with any dash. Nothing after a bare `--` is.
 */
export function normalizeDashes(args: string[], flags: ReadonlySet<string>): string[] {
  const end = args.indexOf('--');
  return args.map((arg, index) => {
    if (end !== -1 && index > end) return arg;
    const plain = arg.replace(typographic, '--');
    const [name = ''] = plain.split('=');
    return flags.has(name) ? plain : arg;
  });
}
