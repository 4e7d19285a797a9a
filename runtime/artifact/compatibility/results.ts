import type { AnyNode, Expression, Node } from 'acorn';
import { base, simple } from 'acorn-walk';
import { asFunction, type FunctionNode } from '../../protocol/syntaxNodes.ts';
import { isPayload } from './calls.ts';
import type { Finding } from './finding.ts';
import { isNamed, type ScriptSyntax } from './scriptSyntax.ts';

/** What the function certainly returns that a reply cannot carry. */
export function findResults(syntax: ScriptSyntax): Finding[] {
  const handler = findHandler(syntax);
  if (handler === undefined) return [];
  const { start: offset } = handler;
  if (handler.async) return [{ code: 'promise-returned', detail: '', offset }];
  const bytes = returnedValues(handler).find((value) => isBytes(syntax, value));
  return bytes === undefined
    ? []
    : [{ code: 'typed-array-returned', detail: '', offset: bytes.start }];
}

/** The function that is called for a message, where it is written or named last; in a bundle what the wrapper returns. */
function findHandler(syntax: ScriptSyntax): FunctionNode | undefined {
  const last = syntax.ast.body.findLast(({ type }) => type === 'ExpressionStatement');
  if (last?.type !== 'ExpressionStatement') return undefined;
  const { expression } = last;
  const wrapper = expression.type === 'CallExpression' ? asFunction(expression.callee) : undefined;
  const value = wrapper === undefined ? expression : returnedValues(wrapper).at(-1);
  return value === undefined ? undefined : (asFunction(value) ?? findDeclared(syntax, value));
}

function findDeclared(syntax: ScriptSyntax, name: Node): FunctionNode | undefined {
  const declared = syntax.variable(name)?.defs[0]?.node as AnyNode | undefined;
  if (declared?.type !== 'VariableDeclarator') return asFunction(declared);
  return asFunction(declared.init ?? undefined);
}

function returnedValues({ body }: FunctionNode): Expression[] {
  if (body.type !== 'BlockStatement') return [body];
  const values: Expression[] = [];
  const visitors = {
    ReturnStatement({ argument }: { argument?: Expression | null }) {
      if (argument != null) values.push(argument);
    },
  };
  simple(body, visitors, { ...base, Function: () => undefined });
  return values;
}

const isBytes = (syntax: ScriptSyntax, value: Expression): boolean =>
  isPayload(syntax, value) ||
  (value.type === 'NewExpression' && isNamed(value.callee, 'Uint8Array')) ||
  (value.type === 'CallExpression' &&
    value.callee.type === 'MemberExpression' &&
    isNamed(value.callee.object, 'Uint8Array'));
