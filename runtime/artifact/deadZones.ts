import { fileURLToPath } from 'node:url';
import type { VariableDeclaration } from 'acorn';
import type { LogSource } from '../protocol/logs.ts';
import type { SourceRecord } from '../protocol/sources.ts';
import type { ScriptSyntax } from './compatibility/scriptSyntax.ts';
import { packageRoot } from './nativePackage.ts';
import { textAt, type Locate } from './writtenText.ts';

/**
 * What a bundle declares with `var`, as esbuild does with everything at the top of a module, and the user wrote such that
 * using it before its module has run is an error.
 */
export function findDeadZones(
  { ast }: ScriptSyntax,
  locate: Locate,
  sources: SourceRecord['sources'],
): VariableDeclaration[] {
  return ast.body.filter(
    (statement) =>
      statement.type === 'VariableDeclaration' &&
      statement.kind === 'var' &&
      hasDeadZone(locate(statement.start), sources),
  ) as VariableDeclaration[];
}

/** Declares them with `let`, which throws then. The text keeps its length, so that its map holds. */
export function restoreDeadZones(code: string, zones: readonly VariableDeclaration[]): string {
  return zones.reduce(
    (text, { start }) => `${text.slice(0, start)}let${text.slice(start + 'var'.length)}`,
    code,
  );
}

/** Enums, which TypeScript fills in place, have none. */
const declaration = /^(?:let\b|const\b(?!\s+enum\b)|(?:abstract\s+)?class\b|export\s+default\b)/;

function hasDeadZone(source: LogSource | undefined, sources: SourceRecord['sources']): boolean {
  if (source === undefined || packageRoot(fileURLToPath(source.url)) !== undefined) return false;
  return declaration.test(textAt(source, sources));
}
