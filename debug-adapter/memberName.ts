/** The expression for a member of what `owner` gives. */
export function memberName(owner: string, name: string): string {
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return `${owner}.${name}`;
  if (/^(0|[1-9]\d*)$/.test(name)) return `${owner}[${name}]`;
  return `${owner}[${JSON.stringify(name)}]`;
}
