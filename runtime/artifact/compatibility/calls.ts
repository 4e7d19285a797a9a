import type { CallExpression, Expression, Node } from 'acorn';
import type { Finding } from './finding.ts';
import { isNamed, type ScriptSyntax } from './scriptSyntax.ts';

/** Calls that do something else on a real node, or than they seem to. */
export function findCalls(syntax: ScriptSyntax): Finding[] {
  const findings: Finding[] = [];
  const escaped = new Set<Node>();
  syntax.each('CallExpression', (call) => {
    if (isNamed(call.callee, 'escape')) call.arguments.forEach((one) => escaped.add(one));
  });
  syntax.each('CallExpression', (call) => {
    const add = (code: Finding['code'], detail = '') =>
      findings.push({ code, detail, offset: call.start });
    if (!escaped.has(call) && garblesPayload(syntax, call)) add('payload-garbled', garbling);
    if (isHostCall(syntax, call, 'messaging', 'requestMany')) add('request-many');
    const method = methods.find((name) => isHostCall(syntax, call, 'http', name));
    if (method !== undefined && hasQuery(call.arguments[0])) add('query-string', `http.${method}`);
  });
  return findings;
}

const garbling = 'String.fromCharCode(...payload)';
const methods = ['get', 'post', 'put', 'patch', 'delete', 'head'];

/** `String.fromCharCode(...payload)`, or by `apply`, of the function's own payload. */
function garblesPayload(syntax: ScriptSyntax, { callee, arguments: args }: CallExpression) {
  const [first, second] = args;
  if (isMember(callee, 'fromCharCode')) {
    return first?.type === 'SpreadElement' && isPayload(syntax, first.argument);
  }
  const applied = callee.type === 'MemberExpression' && isMember(callee.object, 'fromCharCode');
  return applied && isMember(callee, 'apply') && second !== undefined && isPayload(syntax, second);
}

/** A function's second parameter, whatever its name. */
export const isPayload = (syntax: ScriptSyntax, node: Node): boolean =>
  syntax
    .variable(node)
    ?.defs.some(
      (def) => def.type === 'Parameter' && 'params' in def.node && def.node.params[1] === def.name,
    ) ?? false;

/** `http.get(…)` or `this.http.get(…)`. */
function isHostCall(
  syntax: ScriptSyntax,
  { callee }: CallExpression,
  service: string,
  method: string,
): boolean {
  if (callee.type !== 'MemberExpression' || !isMember(callee, method)) return false;
  const { object } = callee;
  if (syntax.isGlobal(object, service)) return true;
  if (object.type !== 'MemberExpression' || !isMember(object, service)) return false;
  return object.object.type === 'ThisExpression' || syntax.isGlobal(object.object, 'globalThis');
}

const isMember = (node: Node, name: string): boolean => {
  const { type, computed, property } = node as Node & { computed?: boolean; property?: Node };
  return (
    type === 'MemberExpression' && !computed && property !== undefined && isNamed(property, name)
  );
};

function hasQuery(url: CallExpression['arguments'][number] | undefined): boolean {
  return url !== undefined && url.type !== 'SpreadElement' && writtenText(url).includes('?');
}

function writtenText(expression: Expression): string {
  if (expression.type === 'Literal') return String(expression.value);
  if (expression.type !== 'TemplateLiteral') return '';
  return expression.quasis.map(({ value }) => value.raw).join('');
}
