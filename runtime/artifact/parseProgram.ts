import type { Program } from 'acorn';
import type { NexError } from '../protocol/nexError.ts';
import { tryParse, type SyntaxFault } from './tryParse.ts';
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
  const script = tryParse(text.code, { sourceType: 'script' });
  if (script.ast !== undefined) return { kind: 'script', ast: script.ast };
  const module = tryParse(text.code, { sourceType: 'module' });
  if (module.ast !== undefined && hasModuleSyntax(module.ast)) {
    return { kind: 'module', ast: module.ast };
  }
  // The reading that came further is the one that was meant.
  const moduleCameFurther = module.fault !== undefined && module.fault.offset > script.fault.offset;
  throw describeFault(moduleCameFurther ? module.fault : script.fault, text);
}

const hasModuleSyntax = (ast: Program) =>
  ast.body.some(({ type }) => type === 'ImportDeclaration' || type.startsWith('Export'));

function describeFault({ offset, text }: SyntaxFault, script: ScriptText): NexError {
  const remedy = 'Correct the line.';
  return sourceError(
    { code: 'syntax-error', text, remedy },
    script.program,
    createLocate(script)(offset),
  );
}
