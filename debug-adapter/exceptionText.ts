import type { Protocol } from 'devtools-protocol';
import { printedText } from './valueText.ts';

/** What was thrown, as its first line; a thrown string is the string. */
export function exceptionText({ exception, text }: Protocol.Runtime.ExceptionDetails): string {
  if (exception === undefined) return text;
  const shown = printedText(exception);
  return exception.subtype === 'error' ? (shown.split('\n    at ', 1)[0] ?? shown) : shown;
}
