import { parse, type Program } from 'acorn';
import type { NexError } from '../protocol/nexError.ts';
import { createLocate, sourceError, type ScriptText } from './writtenText.ts';

/** A source text as what it is: a classic script, whose completion value is the function, or a module. */
export interface ParsedProgram {
  kind: 'script' | 'module';
  ast: Program;
}

/**
 * Parses a source text. Only `import` and `export` make it a module; what is neither a script nor such a module is a
 * NexError `syntax-error` that names file, line and column.
 */
export function parseProgram(text: ScriptText): ParsedProgram {
  const script = tryParse(text.code, 'script');
  if (script.ast !== undefined) return { kind: 'script', ast: script.ast };
  const module = tryParse(text.code, 'module');
  if (module.ast !== undefined && hasModuleSyntax(module.ast)) {
    return { kind: 'module', ast: module.ast };
  }
  // The reading that came further is the one that was meant.
  const moduleCameFurther = module.fault !== undefined && module.fault.offset > script.fault.offset;
  throw describeFault(moduleCameFurther ? module.fault : script.fault, text);
}

interface Fault {
  offset: number;
  text: string;
}
type Attempt = { ast: Program; fault?: never } | { ast?: never; fault: Fault };

function tryParse(code: string, sourceType: 'script' | 'module'): Attempt {
  try {
    return { ast: parse(code, { ecmaVersion: 'latest', sourceType }) };
  } catch (error) {
    if (!isAcornError(error)) throw error;
    return { fault: { offset: error.pos, text: error.message.replace(/ \(\d+:\d+\)$/, '') } };
  }
}

export function isAcornError(error: unknown): error is SyntaxError & { pos: number } {
  return error instanceof SyntaxError && 'pos' in error;
}

const hasModuleSyntax = (ast: Program) =>
  ast.body.some(({ type }) => type === 'ImportDeclaration' || type.startsWith('Export'));

function describeFault({ offset, text }: Fault, script: ScriptText): NexError {
  const remedy = 'Correct the line; what runs already goes on answering.';
  return sourceError(
    { code: 'syntax-error', text, remedy },
    script.program,
    createLocate(script)(offset),
  );
}
