import type {
  AnonymousClassDeclaration,
  AnonymousFunctionDeclaration,
  ClassDeclaration,
  Expression,
  FunctionDeclaration,
  ModuleDeclaration,
  Program,
  Statement,
} from 'acorn';
import type { NexError } from '../protocol/nexError.ts';
import { sourceError, type Locate } from './writtenText.ts';

type Candidate =
  | Expression
  | FunctionDeclaration
  | ClassDeclaration
  | AnonymousFunctionDeclaration
  | AnonymousClassDeclaration;

/** Which file the syntax tree is of, and where in it a node was written. */
interface Place {
  readonly program: string;
  readonly locate: Locate;
}

/** Statements that leave the completion value of a script as it is. */
const withoutValue = new Set([
  'FunctionDeclaration',
  'ClassDeclaration',
  'VariableDeclaration',
  'EmptyStatement',
]);

/** Throws `no-function` where the completion value of a classic script certainly is none. */
export function checkScriptFunction(ast: Program, place: Place): void {
  const last = ast.body.findLast(({ type }) => !withoutValue.has(type));
  if (last === undefined) {
    throw noFunction(place, ast.body.at(-1), 'it only declares things', lastDeclared(ast));
  }
  if (last.type !== 'ExpressionStatement') return;
  const { expression } = last;
  if (isModuleExports(expression)) {
    const text = 'module.exports is assigned, which Nex does not have';
    const remedy =
      'Write `export default` instead, end the file with the function itself, or name it .cjs.';
    throw sourceError(
      { code: 'commonjs', text, remedy },
      place.program,
      place.locate(expression.start),
    );
  }
  const fault = findFault(expression);
  if (fault !== undefined) throw noFunction(place, expression, `its last value is ${fault}`);
}

/** Throws `no-default-export` or `default-export-not-a-function`. */
export function checkModuleFunction(ast: Program, { program, locate }: Place): void {
  const remedy = 'Export the function: `export default (subject, payload) => { … }`.';
  const exported = ast.body.find(isDefaultExport);
  if (exported === undefined) {
    const text = 'the module has no default export';
    throw sourceError({ code: 'no-default-export', text, remedy }, program, undefined);
  }
  if (exported.type !== 'ExportDefaultDeclaration') return;
  const { declaration } = exported;
  const fault = findFault(declaration);
  if (fault === undefined) return;
  const text = `the default export is ${fault}, not a function`;
  const code = 'default-export-not-a-function';
  throw sourceError({ code, text, remedy }, program, locate(declaration.start));
}

const isDefaultExport = (statement: Statement | ModuleDeclaration) =>
  statement.type === 'ExportDefaultDeclaration' ||
  (statement.type === 'ExportNamedDeclaration' &&
    statement.specifiers.some(
      ({ exported }) => exported.type === 'Identifier' && exported.name === 'default',
    ));

/** What a value is that certainly cannot be called; undefined where it may be a function. */
function findFault({ type }: Candidate): string | undefined {
  switch (type) {
    case 'Literal':
    case 'TemplateLiteral':
      return 'a literal';
    case 'ObjectExpression':
      return 'an object';
    case 'ArrayExpression':
      return 'an array';
    case 'ClassExpression':
    case 'ClassDeclaration':
      return 'a class';
    default:
      return undefined;
  }
}

const isModuleExports = (expression: Expression) =>
  expression.type === 'AssignmentExpression' &&
  expression.left.type === 'MemberExpression' &&
  expression.left.object.type === 'Identifier' &&
  ['module', 'exports'].includes(expression.left.object.name);

function lastDeclared(ast: Program): string | undefined {
  const last = ast.body.at(-1);
  if (last?.type === 'FunctionDeclaration') return last.id.name;
  const id = last?.type === 'VariableDeclaration' ? last.declarations.at(-1)?.id : undefined;
  return id?.type === 'Identifier' ? id.name : undefined;
}

function noFunction(
  { program, locate }: Place,
  at: { start: number } | undefined,
  why: string,
  declared?: string,
): NexError {
  const text = `the file does not end in a function: ${why}`;
  const remedy =
    declared === undefined
      ? 'End the file with the function: `(subject, payload) => { … }`.'
      : `Add a last line \`${declared};\`, or write \`export default\`.`;
  const source = at === undefined ? undefined : locate(at.start);
  return sourceError({ code: 'no-function', text, remedy }, program, source);
}
