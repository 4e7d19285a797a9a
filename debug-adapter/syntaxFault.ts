import { parseExpressionAt } from 'acorn';

/** What is wrong with the text of an expression; undefined where nothing is. */
export function findSyntaxFault(expression: string): string | undefined {
  try {
    const node = parseExpressionAt(expression, 0, { ecmaVersion: 'latest', preserveParens: true });
    const rest = expression.slice(node.end).trim();
    return rest === '' ? undefined : `unexpected "${rest}"`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
