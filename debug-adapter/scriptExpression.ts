import { parse, type Identifier, type MemberExpression, type Node, type Program } from 'acorn';
import { fullAncestor } from 'acorn-walk';
import type { Scope } from 'eslint-scope';
import { analyzeScopes } from './scriptNames.ts';
import { bindsThis } from '../runtime/protocol/syntaxNodes.ts';

export interface ExpressionPlace {
  /** `this` is the global object there, whether or not V8 kept it. */
  readonly globalThisHere: boolean;
  /** What the script that runs has for a name, or for `a.b`, where that differs. */
  expressionFor(name: string): string | undefined;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** An expression of the user's, as the script that runs would write it at a place. */
export function toScriptExpression(expression: string, place: ExpressionPlace): string {
  const program = tryParse(expression);
  // What does not parse is V8's to report.
  if (program === undefined) return expression;
  const edits = renames(program, place);
  if (place.globalThisHere) edits.push(...thisEdits(program));
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce(
      (text, { start, end, text: own }) => text.slice(0, start) + own + text.slice(end),
      expression,
    );
}

function tryParse(text: string): Program | undefined {
  try {
    return parse(text, { ecmaVersion: 'latest', ranges: true });
  } catch {
    return undefined;
  }
}

/** Each `this` of the expression's own, not one inside a function that it defines. */
function thisEdits(program: Program): Edit[] {
  const edits: Edit[] = [];
  fullAncestor(program, (node, _state, ancestors) => {
    if (node.type !== 'ThisExpression' || ancestors.some(bindsThis)) return;
    edits.push({ start: node.start, end: node.end, text: 'globalThis' });
  });
  return edits;
}

/** Each name that the expression does not declare itself; and those that it does, where they would catch one of the script's. */
function renames(program: Program, place: ExpressionPlace): Edit[] {
  const global = analyzeScopes(program);
  const free = new Set(
    global.through
      .filter(({ identifier }) => !global.set.has(identifier.name))
      .map(({ identifier }) => startOf(identifier)),
  );
  const identifiers = findIdentifiers(program);
  const edits = identifiers
    .filter(({ node }) => free.has(node.start))
    .flatMap(({ node, ancestors }) => rename(node, ancestors, place));
  const taken = new Set(edits.flatMap(({ text }) => text.match(/[\p{ID_Continue}$]+/gu) ?? []));
  const catching = new Set(
    [...innerPlaces(global)].filter(([, name]) => taken.has(name)).map(([start]) => start),
  );
  const own = identifiers.filter(({ node }) => catching.has(node.start));
  return [...edits, ...own.map(({ node, ancestors }) => withUnderscore(node, ancestors))];
}

function findIdentifiers(program: Program) {
  const found: { readonly node: Identifier; readonly ancestors: readonly Node[] }[] = [];
  fullAncestor(program, (node, _state, ancestors) => {
    if (isIdentifier(node)) found.push({ node, ancestors: [...ancestors] });
  });
  return found;
}

const startOf = ({ range }: { range?: [number, number] | undefined }) => range?.[0] ?? 0;

/** Where the variables are written that functions and blocks of the expression have, each with its name. */
function* innerPlaces(scope: Scope): Iterable<readonly [start: number, name: string]> {
  for (const inner of scope.childScopes) {
    for (const { name, identifiers, references } of inner.variables) {
      for (const one of identifiers) yield [startOf(one), name];
      for (const { identifier } of references) yield [startOf(identifier), name];
    }
    yield* innerPlaces(inner);
  }
}

function withUnderscore(node: Identifier, ancestors: readonly Node[]): Edit {
  const { start, end, name } = node;
  const key = isShorthand(ancestors.at(-2), node) ? `${name}: ` : '';
  return { start, end, text: `${key}${name}_` };
}

function rename(node: Identifier, ancestors: readonly Node[], place: ExpressionPlace): Edit[] {
  const parent = ancestors.at(-2);
  const member = asMember(parent, node);
  const qualified = member && place.expressionFor(`${node.name}.${member.name}`);
  const target = qualified === undefined ? node : member?.node;
  const text = qualified ?? place.expressionFor(node.name);
  if (target === undefined || text === undefined || text === node.name) return [];
  const { start, end } = target;
  if (isShorthand(parent, node)) return [{ start, end, text: `${node.name}: ${text}` }];
  // A call of a member would give it a `this`.
  const callee = ancestors.some((one) => isCallee(one, target)) && text.includes('.');
  return [{ start, end, text: callee ? `(0, ${text})` : text }];
}

const isIdentifier = (node: Node): node is Identifier => node.type === 'Identifier';

function asMember(parent: Node | undefined, object: Node) {
  if (parent?.type !== 'MemberExpression') return undefined;
  const node = parent as MemberExpression;
  if (node.computed || node.object.start !== object.start) return undefined;
  return node.property.type === 'Identifier' ? { node, name: node.property.name } : undefined;
}

const isShorthand = (parent: Node | undefined, { start }: Node) =>
  parent?.type === 'Property' &&
  parent.start === start &&
  'shorthand' in parent &&
  parent.shorthand === true;

const isCallee = (node: Node, { start, end }: Node) =>
  node.type === 'CallExpression' &&
  'callee' in node &&
  (node.callee as Node).start === start &&
  (node.callee as Node).end === end;
