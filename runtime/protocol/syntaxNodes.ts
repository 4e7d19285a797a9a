import type { AnyNode, Node } from 'acorn';

export type FunctionNode = Extract<
  AnyNode,
  { type: 'ArrowFunctionExpression' | 'FunctionExpression' | 'FunctionDeclaration' }
>;

/** acorn types what its walker gives only as far as all nodes agree. */
export const known = (node: Node) => node as AnyNode;

export function asFunction(plain: Node | null | undefined): FunctionNode | undefined {
  const node = plain == null ? undefined : known(plain);
  switch (node?.type) {
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return node;
    default:
      return undefined;
  }
}

/** Whether `this` means something of its own inside. */
export const bindsThis = (node: Node) => {
  const type = asFunction(node)?.type ?? node.type;
  return [
    'FunctionExpression',
    'FunctionDeclaration',
    'StaticBlock',
    'PropertyDefinition',
  ].includes(type);
};
