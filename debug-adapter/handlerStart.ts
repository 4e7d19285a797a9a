import type { AnyNode, Program } from 'acorn';
import { asFunction } from '../runtime/protocol/syntaxNodes.ts';

type Statements = Program['body'];

/**
 * Offset of the first statement of the function that a script gives as its completion value; undefined where that is not
 * written in it.
 */
export function findHandlerStart(body: Statements): number | undefined {
  const bundle = bundleBody(body);
  const last = (bundle.length > 0 ? bundle : body).findLast(({ type }) => endTypes.has(type));
  const value =
    last?.type === 'ReturnStatement'
      ? last.argument
      : last?.type === 'ExpressionStatement'
        ? last.expression
        : undefined;
  if (value == null) return undefined;
  const handler = bundle.length > 0 ? findReturned(bundle, value) : findFunction(body, value);
  return handler === undefined ? undefined : bodyStart(handler);
}

const endTypes = new Set(['ReturnStatement', 'ExpressionStatement']);

/** The statements of a bundle's modules: those of `(() => { … })();`. Empty for another script. */
export function bundleBody(body: Statements): Statements {
  const last = body.at(-1);
  if (last?.type !== 'ExpressionStatement' || last.expression.type !== 'CallExpression') return [];
  const callee = asFunction(last.expression.callee);
  return callee?.body.type === 'BlockStatement' ? callee.body.body : [];
}

/** The statements of a CommonJS module: `var require_x = wrap({ "x.js"(exports, module) { … } });`. */
export function wrappedBody(statement: AnyNode): Statements | undefined {
  if (statement.type !== 'VariableDeclaration') return undefined;
  const init = statement.declarations[0]?.init;
  if (init?.type !== 'CallExpression') return undefined;
  const [modules] = init.arguments;
  if (modules?.type !== 'ObjectExpression') return undefined;
  const [method] = modules.properties;
  const wrapper = method?.type === 'Property' ? asFunction(method.value) : undefined;
  return wrapper?.body.type === 'BlockStatement' ? wrapper.body.body : undefined;
}

/** What a bundle returns: a name, or `require_x()` of a CommonJS module with its `module.exports`. */
function findReturned(bundle: Statements, value: AnyNode) {
  if (value.type !== 'CallExpression' || value.callee.type !== 'Identifier') {
    return findFunction(bundle, value);
  }
  const { name } = value.callee;
  const body = bundle.filter((one) => declares(one, name)).flatMap((one) => wrappedBody(one) ?? []);
  const exported = body.map(assignedToExports).findLast((one) => one !== undefined);
  return exported && findFunction(body, exported);
}

const declares = (statement: AnyNode, name: string) =>
  statement.type === 'VariableDeclaration' &&
  statement.declarations.some(({ id }) => id.type === 'Identifier' && id.name === name);

function assignedToExports(statement: AnyNode) {
  if (statement.type !== 'ExpressionStatement') return undefined;
  const { expression } = statement;
  if (expression.type !== 'AssignmentExpression') return undefined;
  const { left, right } = expression;
  const isExports =
    left.type === 'MemberExpression' &&
    left.property.type === 'Identifier' &&
    left.property.name === 'exports';
  return isExports ? right : undefined;
}

/** The function that an expression is, looked up where it is a name. */
function findFunction(body: Statements, value: AnyNode) {
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
