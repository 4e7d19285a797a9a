import type { AnyNode, Program } from 'acorn';
import { asFunction } from './syntaxNodes.ts';

/**
 * Offset of the first statement of the function that a script gives as its completion value; undefined where that is not
 * written in it. A bundle gives the `default` of what its one function returns.
 */
export function findHandlerStart(body: Program['body']): number | undefined {
  const last = body.at(-1);
  if (last?.type !== 'ExpressionStatement') return undefined;
  const { expression } = last;
  const handler =
    expression.type === 'MemberExpression'
      ? findExported(bundleBody(body))
      : findFunction(body, expression);
  return handler === undefined ? undefined : bodyStart(handler);
}

/** The statements of a bundle's modules: `var name = (() => { … })();`. Empty for another script. */
export function bundleBody(body: Program['body']): Program['body'] {
  const first = body.find((statement) => statement.type === 'VariableDeclaration');
  const init = first?.declarations[0]?.init;
  if (init?.type !== 'CallExpression') return [];
  const callee = asFunction(init.callee);
  return callee?.body.type === 'BlockStatement' ? callee.body.body : [];
}

/** By `export(exports, { default: () => handler });`, of which the last module's is the entry's. */
function findExported(body: Program['body']) {
  for (const statement of body.toReversed()) {
    if (statement.type !== 'ExpressionStatement') continue;
    if (statement.expression.type !== 'CallExpression') continue;
    const [, getters] = statement.expression.arguments;
    if (getters?.type !== 'ObjectExpression') continue;
    for (const property of getters.properties) {
      if (property.type !== 'Property' || property.key.type !== 'Identifier') continue;
      const getter = asFunction(property.value);
      if (property.key.name === 'default' && getter !== undefined) {
        return findFunction(body, getter.body);
      }
    }
  }
  return undefined;
}

/** The function that an expression is, looked up where it is a name. */
function findFunction(body: Program['body'], value: AnyNode) {
  if (value.type !== 'Identifier') return asFunction(value);
  for (const statement of body) {
    if (statement.type === 'FunctionDeclaration' && statement.id.name === value.name) {
      return statement;
    }
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) {
      if (id.type === 'Identifier' && id.name === value.name) return asFunction(init);
    }
  }
  return undefined;
}

function bodyStart({ body }: NonNullable<ReturnType<typeof asFunction>>): number {
  if (body.type !== 'BlockStatement') return body.start;
  return body.body[0]?.start ?? body.end - 1;
}
