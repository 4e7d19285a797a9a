import { parseExpressionAt } from 'acorn';

/** A log message: text and expressions in turn. */
export type LogPart = { readonly text: string } | { readonly expression: string };

/** Splits `hits {n} of {list.length}`. A brace without an expression and an end is text. */
export function parseLogMessage(message: string): LogPart[] {
  const parts: LogPart[] = [];
  let text = '';
  for (let index = 0; index < message.length;) {
    const end = message[index] === '{' ? expressionEnd(message, index + 1) : undefined;
    if (end === undefined) {
      text += message[index] ?? '';
      index += 1;
      continue;
    }
    if (text !== '') parts.push({ text });
    text = '';
    parts.push({ expression: message.slice(index + 1, end).trim() });
    index = end + 1;
  }
  if (text !== '') parts.push({ text });
  return parts;
}

/** Index of the brace that closes the expression at `start`. */
function expressionEnd(message: string, start: number): number | undefined {
  try {
    const { end } = parseExpressionAt(message, start, {
      ecmaVersion: 'latest',
      preserveParens: true,
    });
    const space = /^\s*/.exec(message.slice(end))?.[0].length ?? 0;
    return message[end + space] === '}' ? end + space : undefined;
  } catch {
    return undefined;
  }
}
