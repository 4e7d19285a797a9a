/** `echo::shout` for `_ZN4echo5shout17h50d88944962f2f8eE`, Rust's mangling; any other name as it is. */
export function readRustName(name: string): string {
  if (!/^_ZN.*17h[0-9a-f]{16}E$/.test(name)) return name;
  const parts: string[] = [];
  let rest = name.slice('_ZN'.length);
  for (;;) {
    const digits = /^\d+/.exec(rest)?.[0];
    if (digits === undefined) break;
    const end = digits.length + Number(digits);
    parts.push(readPart(rest.slice(digits.length, end)));
    rest = rest.slice(end);
  }
  // The last part is a hash that tells instances apart.
  return rest === 'E' ? parts.slice(0, -1).join('::') : name;
}

const readPart = (part: string) =>
  part
    .replace(/^_(?=\$)/, '')
    .replace(/\$(\w+)\$/g, (whole, code: string) => characters[code] ?? readCode(code) ?? whole)
    .replaceAll('..', '::');

const readCode = (code: string) =>
  /^u[0-9a-f]+$/.test(code) ? String.fromCodePoint(parseInt(code.slice(1), 16)) : undefined;

const characters: Readonly<Record<string, string>> = {
  LT: '<',
  GT: '>',
  RF: '&',
  BP: '*',
  LP: '(',
  RP: ')',
  C: ',',
};
