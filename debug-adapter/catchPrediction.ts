import type { AnyNode, Node } from 'acorn';
import type { ScriptSyntax } from './scriptSyntax.ts';
import type { Position } from './sourceMap.ts';
import { asFunction } from '../runtime/protocol/syntaxNodes.ts';

/**
 * Whether something thrown passes through user frames (innermost first, awaiting ones included) into a handler of the
 * user's own. V8 cannot tell: to it the runtime that calls the function catches everything.
 */
export function isCaughtByUser(syntax: ScriptSyntax, frames: readonly Position[]): boolean {
  let throughPromise = false;
  for (const position of frames) {
    const ancestors = syntax.ancestorsAt(position);
    const inner = ancestors.slice(ancestors.findLastIndex((node) => asFunction(node)) + 1);
    if (isHandled(inner, throughPromise)) return true;
    // What leaves an async function becomes a rejection of its promise.
    const own = ancestors.findLast((node) => asFunction(node) !== undefined);
    if (asFunction(own)?.async === true) throughPromise = true;
  }
  return false;
}

/** `nodes` are those around the position within its function, outermost first. */
function isHandled(nodes: readonly Node[], throughPromise: boolean): boolean {
  const awaited = !throughPromise || nodes.some(({ type }) => type === 'AwaitExpression');
  const inTry = nodes.some((plain, index) => {
    const node = plain as AnyNode;
    return node.type === 'TryStatement' && node.handler != null && nodes[index + 1] === node.block;
  });
  return (awaited && inTry) || (throughPromise && nodes.some(handlesRejection));
}

/** `….catch(f)` or `….then(f, g)` */
function handlesRejection(plain: Node): boolean {
  const node = plain as AnyNode;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const { property } = node.callee;
  const name = property.type === 'Identifier' ? property.name : undefined;
  return name === 'catch' || (name === 'then' && node.arguments.length > 1);
}
