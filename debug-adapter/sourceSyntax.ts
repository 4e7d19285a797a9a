import { parse, type AnyNode, type Node, type Program } from 'acorn';
import { fullAncestor } from 'acorn-walk';
import type { Position } from './sourceMap.ts';

/** Questions about the text of a source, answered from its syntax tree. */
export class SourceSyntax {
  readonly #program: Program;
  readonly #lineStarts: number[];

  /** Undefined for a text that acorn cannot read; V8 may know newer syntax. */
  static parse(text: string): SourceSyntax | undefined {
    const program = tryParse(text, 'script') ?? tryParse(text, 'module');
    return program === undefined ? undefined : new SourceSyntax(text, program);
  }

  private constructor(text: string, program: Program) {
    this.#program = program;
    this.#lineStarts = [0, ...[...text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)].map(lineEnd)];
  }

  /** Nodes around a position, outermost first. */
  ancestorsAt(position: Position): Node[] {
    const offset = (this.#lineStarts[position.line] ?? 0) + position.column;
    let deepest: Node[] = [];
    fullAncestor(this.#program, (node, _state, ancestors) => {
      const around = node.start <= offset && offset < node.end;
      if (around && ancestors.length > deepest.length) deepest = [...ancestors];
    });
    return deepest;
  }

  /**
   * Whether `this` is the global object at a position: only arrow functions around it. V8 keeps no `this` for an arrow
   * function that does not mention it.
   */
  hasGlobalThis(position: Position): boolean {
    return this.ancestorsAt(position).every((node) => !bindsThis(node));
  }

  /** Where the function that is called for a message has its first statement; undefined where it is not written here. */
  handlerStart(): Position | undefined {
    const handler = findHandler(this.#program.body);
    return handler === undefined ? undefined : this.#positionOf(bodyStart(handler));
  }

  #positionOf(offset: number): Position {
    const line = this.#lineStarts.findLastIndex((start) => start <= offset);
    return { line, column: offset - (this.#lineStarts[line] ?? 0) };
  }
}

function tryParse(text: string, sourceType: 'script' | 'module'): Program | undefined {
  try {
    return parse(text, { ecmaVersion: 'latest', sourceType, allowHashBang: true });
  } catch {
    return undefined;
  }
}

const lineEnd = (match: RegExpExecArray) => match.index + match[0].length;

type FunctionNode = Extract<
  AnyNode,
  { type: 'ArrowFunctionExpression' | 'FunctionExpression' | 'FunctionDeclaration' }
>;

/** acorn types what its walker gives only as far as all nodes agree. */
const known = (node: Node) => node as AnyNode;

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

const bindsThis = (node: Node) => {
  const type = asFunction(node)?.type ?? node.type;
  return [
    'FunctionExpression',
    'FunctionDeclaration',
    'StaticBlock',
    'PropertyDefinition',
  ].includes(type);
};

/** The default export of a module, or the completion value of a script: looked up where it is a name. */
function findHandler(body: Program['body']): FunctionNode | undefined {
  const value = exportedValue(body) ?? completionValue(body);
  if (value?.type !== 'Identifier') return asFunction(value);
  return findDeclared(body, value.name);
}

function exportedValue(body: Program['body']): AnyNode | undefined {
  for (const statement of body) {
    if (statement.type === 'ExportDefaultDeclaration') return statement.declaration;
    if (statement.type !== 'ExportNamedDeclaration') continue;
    const specifier = statement.specifiers.find(
      ({ exported }) => exported.type === 'Identifier' && exported.name === 'default',
    );
    if (specifier !== undefined) return specifier.local;
  }
  return undefined;
}

function completionValue(body: Program['body']): AnyNode | undefined {
  const last = body.at(-1);
  return last?.type === 'ExpressionStatement' ? last.expression : undefined;
}

function findDeclared(body: Program['body'], name: string): FunctionNode | undefined {
  for (const statement of body) {
    if (statement.type === 'FunctionDeclaration' && statement.id.name === name) {
      return statement;
    }
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) {
      if (id.type === 'Identifier' && id.name === name) return asFunction(init);
    }
  }
  return undefined;
}

function bodyStart({ body }: FunctionNode): number {
  if (body.type !== 'BlockStatement') return body.start;
  return body.body[0]?.start ?? body.end - 1;
}

/** `expression` with each `this` of its own (not one inside a function it defines) written `globalThis`. */
export function withGlobalThis(expression: string): string {
  const program = tryParse(expression, 'script');
  // What does not parse is V8's to report.
  if (program === undefined) return expression;
  const places: number[] = [];
  fullAncestor(program, (node, _state, ancestors) => {
    if (node.type === 'ThisExpression' && !ancestors.some(bindsThis)) places.push(node.start);
  });
  return places
    .sort((a, b) => b - a)
    .reduce(
      (text, start) => `${text.slice(0, start)}globalThis${text.slice(start + 'this'.length)}`,
      expression,
    );
}
