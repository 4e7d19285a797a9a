import { webApis } from '../../protocol/warnings.ts';
import type { WarningCode } from '../../protocol/warnings.ts';
import type { Finding } from './finding.ts';
import type { ScriptSyntax } from './scriptSyntax.ts';

/** Globals that a real node lacks. */
const missing = new Map<string, WarningCode>([
  ...Object.keys(webApis).map((name) => [name, 'web-api'] as const),
  ...['setTimeout', 'setInterval', 'setImmediate'].map((name) => [name, 'timer'] as const),
  ...['fetch', 'process', 'Buffer', 'require', 'global', '__dirname', '__filename'].map(
    (name) => [name, 'missing-global'] as const,
  ),
]);

/** Uses of what does not exist; who asks `typeof` first, in the same file, can do without. */
export function findMissingGlobals(
  syntax: ScriptSyntax,
  fileOf: (offset: number) => string | undefined,
): Finding[] {
  const asked = new Set<string>();
  syntax.each('UnaryExpression', ({ operator, argument }) => {
    if (operator !== 'typeof' || argument.type !== 'Identifier') return;
    asked.add(`${argument.name} ${fileOf(argument.start)}`);
  });
  return syntax.globals.flatMap(({ name, start }) => {
    const code = missing.get(name);
    const isAsked = code === undefined || asked.has(`${name} ${fileOf(start)}`);
    return isAsked ? [] : [{ code, detail: name, offset: start }];
  });
}
