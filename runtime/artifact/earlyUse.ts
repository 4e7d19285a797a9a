import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Identifier, VariableDeclaration } from 'acorn';
import { ancestor } from 'acorn-walk';
import { diagnosticText, type Diagnostic } from '../protocol/diagnostics.ts';
import type { LogSource } from '../protocol/logs.ts';
import type { SourceRecord } from '../protocol/sources.ts';
import { BuildError } from './buildError.ts';
import type { ScriptSyntax } from './compatibility/scriptSyntax.ts';
import { textAt, type Locate } from './writtenText.ts';

/** What does not run, or not for sure, when its module does. */
const perhaps =
  /Function|^(If|Try|Switch|While|DoWhile|For|ForIn|ForOf)Statement$|^(Conditional|Logical|Chain)Expression$|^(AssignmentPattern|PropertyDefinition)$/;

interface Program {
  readonly program: string;
  /** The files whose change can cure it. */
  readonly inputs: readonly string[];
  readonly sources: SourceRecord['sources'];
}

/**
 * Throws `circular-import` where a module certainly uses a name of another one that runs only after it, which is so
 * because they import each other in a circle.
 *
 * @param zones what must not be used before it is declared
 */
export function refuseEarlyUse(
  syntax: ScriptSyntax,
  zones: readonly VariableDeclaration[],
  locate: Locate,
  program: Program,
): void {
  const faults: Diagnostic[] = [];
  ancestor(syntax.ast, {
    Identifier(name, _state, ancestors) {
      if (ancestors.some(({ type }) => perhaps.test(type))) return;
      const zone = declarationOf(name, syntax, zones);
      if (zone === undefined || zone.end <= name.start) return;
      const [used, declared] = [locate(name.start), locate(zone.start)];
      if (used === undefined || declared === undefined || used.url === declared.url) return;
      faults.push(describeUse(used, declared, program));
    },
  });
  const [first] = faults;
  if (first === undefined) return;
  const rest = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`;
  throw new BuildError('circular-import', diagnosticText(first) + rest, {
    remedy: 'Use it inside a function, or move what both files need into a third one.',
    diagnostics: faults,
    inputs: program.inputs,
  });
}

function describeUse(
  used: LogSource,
  declared: LogSource,
  { program, sources }: Program,
): Diagnostic {
  const { url, line, column } = used;
  const nameOf = (fileUrl: string) =>
    relative(dirname(program), fileURLToPath(fileUrl)).replaceAll('\\', '/');
  const [name = ''] = /^[\p{ID_Continue}$]*/u.exec(textAt(used, sources)) ?? [];
  const other = nameOf(declared.url);
  const text = `\`${name}\` has no value here yet: ${nameOf(url)} and ${other} import each other in a circle, and ${other} runs later`;
  return { file: fileURLToPath(url), line, column, text };
}

function declarationOf(
  name: Identifier,
  syntax: ScriptSyntax,
  zones: readonly VariableDeclaration[],
): VariableDeclaration | undefined {
  const [definition] = syntax.variable(name)?.defs ?? [];
  const parent: unknown = definition?.parent;
  return zones.find((zone) => zone === parent);
}
