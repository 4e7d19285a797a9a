/** Whether a breakpoint stops at its n-th hit, counted from 1 over all invocations. */
export type HitCondition = (hits: number) => boolean;

const pattern = /^\s*(>=|>|<=|<|===|==|=|%)?\s*(\d+)\s*$/;

/** `5` and `=5` stop at the fifth hit, `>5` `>=5` `<5` `<=5` as they read, `%5` at every fifth. Undefined for anything else. */
export function parseHitCondition(text: string): HitCondition | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const count = Number(match[2]);
  switch (match[1]) {
    case '>':
      return (hits) => hits > count;
    case '>=':
      return (hits) => hits >= count;
    case '<':
      return (hits) => hits < count;
    case '<=':
      return (hits) => hits <= count;
    case '%':
      return (hits) => count > 0 && hits % count === 0;
    default:
      return (hits) => hits === count;
  }
}
