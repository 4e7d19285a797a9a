import type { AnyNode, Node } from 'acorn';
import { bundleBody, wrappedBody } from './handlerStart.ts';
import type { Position, ScriptMap } from './sourceMap.ts';
import type { ScriptSyntax } from './scriptSyntax.ts';

/** From offset to offset, the end exclusive. */
type Range = readonly [start: number, end: number];

/**
 * What a bundler adds between the modules: wrappers of CommonJS packages, export tables, imports that became variables. Its
 * source map blames it on the user's first line.
 */
export class BundleGlue {
  readonly #syntax: ScriptSyntax;
  readonly #ranges: readonly Range[];

  constructor(syntax: ScriptSyntax, map: ScriptMap) {
    this.#syntax = syntax;
    const isWritten = ({ start, end }: Node) =>
      map.hasOrigins(syntax.positionOf(start), syntax.positionOf(end));
    const isNamed = (id: Node) => map.originOf(syntax.positionOf(id.start)) !== undefined;
    const body = bundleBody(syntax.program.body);
    const modules: Range = [body.at(0)?.start ?? 0, body.at(-1)?.end ?? 0];
    this.#ranges = [
      ...(body.length === 0 ? [] : around(modules, [0, syntax.text.length])),
      ...body.filter((statement) => isGlue(statement, isWritten, isNamed)).flatMap(withoutModule),
    ];
  }

  includes(position: Position): boolean {
    const offset = this.#syntax.offsetOf(position);
    return this.#ranges.some(([start, end]) => start <= offset && offset < end);
  }
}

type Test = (node: Node) => boolean;

function isGlue(node: AnyNode, isWritten: Test, isNamed: Test): boolean {
  switch (node.type) {
    case 'VariableDeclaration':
      return node.declarations.every(({ id }) => id.type === 'Identifier' && !isNamed(id));
    case 'ExpressionStatement':
      return !isWritten(node);
    case 'ReturnStatement':
      return true;
    default:
      return false;
  }
}

/** A wrapper (`var require_x = wrap({ "x.js"(exports) { … } })`) holds a module, which is not glue. */
function withoutModule(statement: AnyNode): Range[] {
  const whole: Range = [statement.start, statement.end];
  const body = wrappedBody(statement);
  const [first, last] = [body?.at(0), body?.at(-1)];
  return first === undefined || last === undefined
    ? [whole]
    : around([first.start, last.end], whole);
}

const around = ([start, end]: Range, whole: Range): Range[] => [
  [whole[0], start],
  [end, whole[1]],
];
