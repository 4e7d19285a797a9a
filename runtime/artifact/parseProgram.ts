import { parse, type Program } from 'acorn';
import { NexError } from '../protocol/nexError.ts';

/** A source text as what it is: a classic script, whose completion value is the function, or a module. */
export interface ParsedProgram {
  kind: 'script' | 'module';
  ast: Program;
}

/**
 * Parses a source text. Only `import` and `export` make it a module; what is neither a script nor such a module is a
 * NexError `syntax-error` that names file, line and column.
 */
export function parseProgram(source: string, file: string): ParsedProgram {
  const script = tryParse(source, 'script');
  if (script.ast !== undefined) return { kind: 'script', ast: script.ast };
  const module = tryParse(source, 'module');
  if (module.ast !== undefined && hasModuleSyntax(module.ast)) {
    return { kind: 'module', ast: module.ast };
  }
  // The reading that came further is the one that was meant.
  const moduleCameFurther = module.fault !== undefined && module.fault.pos > script.fault.pos;
  throw describeFault(moduleCameFurther ? module.fault : script.fault, file);
}

interface Fault {
  /** Offset, 1-based line and 0-based column. */
  pos: number;
  line: number;
  column: number;
  text: string;
}
type Attempt = { ast: Program; fault?: never } | { ast?: never; fault: Fault };

function tryParse(source: string, sourceType: 'script' | 'module'): Attempt {
  try {
    return { ast: parse(source, { ecmaVersion: 'latest', sourceType }) };
  } catch (error) {
    if (!isAcornError(error)) throw error;
    const text = error.message.replace(/ \(\d+:\d+\)$/, '');
    return { fault: { pos: error.pos, line: error.loc.line, column: error.loc.column, text } };
  }
}

function isAcornError(
  error: unknown,
): error is SyntaxError & { pos: number; loc: { line: number; column: number } } {
  return error instanceof SyntaxError && 'pos' in error && 'loc' in error;
}

const hasModuleSyntax = (ast: Program) =>
  ast.body.some(({ type }) => type === 'ImportDeclaration' || type.startsWith('Export'));

function describeFault({ line, column, text }: Fault, file: string): NexError {
  return new NexError('syntax-error', `${file}:${line}:${column + 1}: ${text}`, {
    remedy: 'Correct the line; what runs already goes on answering.',
  });
}
