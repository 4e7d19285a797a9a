import type { MemberExpression, Node } from 'acorn';
import { simple } from 'acorn-walk';
import { analyze, type Scope, type Variable } from 'eslint-scope';
import type { Origin, Position } from './sourceMap.ts';
import type { ScriptSyntax } from './scriptSyntax.ts';

/** What somebody wrote for the token at a position of the script. */
export type OriginOf = (position: Position) => Origin | undefined;
/** Text of a line of a source. */
export type LineOf = (url: string, line: number) => string;

/** A name of the user's and the expression that stands for it in the script that runs. */
export interface Alias {
  readonly name: string;
  readonly expression: string;
}

interface OwnedAlias extends Alias {
  readonly variable: Variable;
}

/**
 * Which names of a source stand for which of the running script. A bundler renames what would collide, puts imports in
 * the place of the names they were given, and adds variables of its own.
 */
export class ScriptNames {
  readonly #syntax: ScriptSyntax;
  readonly #originOf: OriginOf;
  readonly #lineOf: LineOf;
  readonly #global: Scope;
  /** By the start of the object: `a` of `a.b`. */
  readonly #members = new Map<number, MemberExpression>();
  readonly #aliases = new Map<Scope, Map<string, Map<string, OwnedAlias>>>();

  constructor(syntax: ScriptSyntax, originOf: OriginOf, lineOf: LineOf) {
    this.#syntax = syntax;
    this.#originOf = originOf;
    this.#lineOf = lineOf;
    simple(syntax.program, {
      MemberExpression: (member) => {
        const isPlain = member.object.type === 'Identifier' && !member.computed;
        if (isPlain) this.#members.set(member.object.start, member);
      },
    });
    this.#global = analyzeScopes(syntax.program);
  }

  /** What `name`, as the source at `url` writes it, is called at a position of the script; undefined for what it does not say. */
  expressionFor(name: string, position: Position, url: string): string | undefined {
    for (const scope of this.#scopesAt(position)) {
      const alias = this.#aliasesIn(scope, url).get(name);
      if (alias !== undefined) return alias.expression;
    }
    return undefined;
  }

  /** What the source at `url` calls a variable that is seen from a position; nothing for one of the bundler's or of other files. */
  namesOf(variableName: string, position: Position, url: string): readonly Alias[] {
    const asItIs = [{ name: variableName, expression: variableName }];
    for (const scope of this.#scopesAt(position)) {
      const variable = scope.set.get(variableName);
      if (variable === undefined) continue;
      if (variable.identifiers.length === 0) return asItIs;
      return [...this.#aliasesIn(scope, url).values()].filter((one) => one.variable === variable);
    }
    return asItIs;
  }

  /** What was written where a variable is declared that is seen from a position. */
  declaredName(variableName: string, position: Position): string | undefined {
    for (const scope of this.#scopesAt(position)) {
      const [id] = scope.set.get(variableName)?.identifiers ?? [];
      const origin = id && this.#originAt(id.range?.[0] ?? 0);
      if (origin !== undefined) return this.#nameAt(origin);
    }
    return undefined;
  }

  /** Innermost first. */
  *#scopesAt(position: Position): Iterable<Scope> {
    const offset = this.#syntax.offsetOf(position);
    let innermost = this.#global;
    for (;;) {
      const inner = innermost.childScopes.find(({ block: { range } }) => {
        const [start, end] = range ?? [0, 0];
        return start <= offset && offset < end;
      });
      if (inner === undefined) break;
      innermost = inner;
    }
    for (let scope: Scope | null = innermost; scope !== null; scope = scope.upper) yield scope;
  }

  #aliasesIn(scope: Scope, url: string): ReadonlyMap<string, OwnedAlias> {
    let byUrl = this.#aliases.get(scope);
    if (byUrl === undefined) {
      byUrl = this.#findAliases(scope);
      this.#aliases.set(scope, byUrl);
    }
    return byUrl.get(url) ?? new Map<string, OwnedAlias>();
  }

  #findAliases(scope: Scope): Map<string, Map<string, OwnedAlias>> {
    const found = new Map<string, Map<string, OwnedAlias>>();
    for (const variable of scope.variables) {
      const places = [...variable.identifiers, ...variable.references.map((one) => one.identifier)];
      const starts = places.map(({ range }) => range?.[0] ?? 0);
      const isImport = this.#isImport(variable);
      for (const start of new Set(starts)) {
        const origin = this.#originAt(start);
        const name = origin && this.#nameAt(origin);
        if (origin === undefined || name === undefined) continue;
        const aliases = found.get(origin.url) ?? new Map<string, OwnedAlias>();
        found.set(origin.url, aliases);
        const isOwn = origin.name !== undefined || name === variable.name;
        const member = isOwn ? undefined : this.#memberAt(start, origin, name, isImport);
        const expression = member ?? variable.name;
        if (!aliases.has(name)) aliases.set(name, { name, expression, variable });
      }
    }
    return found;
  }

  #originAt(offset: number): Origin | undefined {
    return this.#originOf(this.#syntax.positionOf(offset));
  }

  /** `ns.member` where a namespace was imported: the bundler refers to the member itself. */
  #nameAt({ url, line, column, name }: Origin): string | undefined {
    const text = this.#lineOf(url, line);
    const own = name ?? /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(text.slice(column))?.[0];
    const qualifier = qualifierPattern.exec(text.slice(0, column))?.[1];
    return own === undefined || qualifier === undefined ? own : `${qualifier}.${own}`;
  }

  /** A variable that nobody wrote holds an imported package. */
  #isImport({ identifiers }: Variable): boolean {
    return (
      identifiers.length > 0 && identifiers.every(({ range }) => !this.#originAt(range?.[0] ?? 0))
    );
  }

  /**
   * What an import from a CommonJS package was given a name for is a member of the package here. A member that was written
   * as one has an origin of its own.
   */
  #memberAt(start: number, origin: Origin, name: string, isImport: boolean): string | undefined {
    const member = this.#members.get(start);
    if (member?.property.type !== 'Identifier') return undefined;
    const own = this.#originAt(member.property.start);
    const wasWritten =
      own !== undefined && (own.line !== origin.line || own.column !== origin.column);
    if (wasWritten || !(isImport || member.property.name === name)) return undefined;
    return textOf(this.#syntax.text, member);
  }
}

/** The `ns` of `ns.member` before the member; not one that is a member itself. */
const qualifierPattern =
  /(?:^|[^\p{ID_Continue}$.?)\]]|\.\.\.)\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*\.\s*$/u;

const textOf = (text: string, { start, end }: Node) => text.slice(start, end);

export function analyzeScopes(program: Node): Scope {
  // acorn's nodes are ESTree's, with more of them.
  const { globalScope } = analyze(program as unknown as Parameters<typeof analyze>[0], {
    ecmaVersion: 2026,
    ignoreEval: true,
    fallback: 'iteration',
  });
  if (globalScope === null) throw new Error('a program without a scope');
  return globalScope;
}
