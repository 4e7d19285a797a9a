import { parse, type Identifier, type Node, type Program } from 'acorn';
import { simple } from 'acorn-walk';
import { analyze, type Reference, type Variable } from 'eslint-scope';

/** What runs, as a syntax tree whose names are resolved. */
export class ScriptSyntax {
  readonly ast: Program;
  /** Names that nothing in the script declares. */
  readonly globals: readonly Identifier[];
  readonly #references = new Map<Node, Reference>();

  /** `code` parses as what it is said to be. */
  constructor(code: string, sourceType: 'script' | 'module' = 'script') {
    this.ast = parse(code, { ecmaVersion: 'latest', ranges: true, sourceType });
    const { scopes, globalScope } = analyze(asEstree(this.ast), {
      ecmaVersion: 2022,
      sourceType,
    });
    for (const { references } of scopes) {
      for (const each of references) this.#references.set(asNode(each.identifier), each);
    }
    this.globals = (globalScope?.through ?? []).map(({ identifier }) => asNode(identifier));
  }

  isGlobal(node: Node, name: string): boolean {
    return isNamed(node, name) && this.globals.includes(node);
  }

  /** The variable that a name stands for; undefined for a global, and for what is no name. */
  variable(node: Node): Variable | undefined {
    return this.#references.get(node)?.resolved ?? undefined;
  }

  /** Calls `visit` with each node of a type, functions inside functions included. */
  each<Type extends keyof Visitors>(type: Type, visit: NonNullable<Visitors[Type]>): void {
    simple(this.ast, { [type]: visit });
  }
}

type Visitors = Parameters<typeof simple<unknown>>[1];

/** acorn makes what ESTree describes, and types it a little otherwise. */
const asEstree = (ast: Program) => ast as Parameters<typeof analyze>[0];

/** eslint-scope types the nodes as ESTree's; they are the ones that acorn made. */
const asNode = (node: unknown) => node as Identifier;

export const isNamed = (node: Node, name: string): node is Identifier =>
  node.type === 'Identifier' && (node as Identifier).name === name;
