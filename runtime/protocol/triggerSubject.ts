/** Bytes. NATS takes 4096 for a whole protocol line, and ends the connection of who sends a longer one. */
export const longestSubject = 1024;

/**
 * Why a text cannot be a trigger subject, or undefined where it can: tokens separated by dots, none empty, no white
 * space, `*` only as a whole token, `>` only as the last one.
 */
export function findSubjectFault(subject: string): string | undefined {
  if (subject === '') return 'it is empty';
  if (/\s/.test(subject)) return 'it contains white space';
  if (Buffer.byteLength(subject) > longestSubject)
    return `it has more than ${longestSubject} bytes`;
  const tokens = subject.split('.');
  if (tokens.includes('')) return 'it has an empty token (a dot too many)';
  const misplaced = tokens.find(
    (token, index) =>
      (token.includes('*') && token !== '*') ||
      (token.includes('>') && (token !== '>' || index !== tokens.length - 1)),
  );
  if (misplaced === undefined) return undefined;
  return `the token "${misplaced}" uses a wildcard where none can be`;
}

/** Whether some subject matches both, wildcards of either side considered. */
export function overlap(one: string, other: string): boolean {
  return tokensOverlap(one.split('.'), other.split('.'));
}

function tokensOverlap([one, ...moreOnes]: string[], [other, ...moreOthers]: string[]): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one === '>' || other === '>') return true;
  if (one !== other && one !== '*' && other !== '*') return false;
  return tokensOverlap(moreOnes, moreOthers);
}
