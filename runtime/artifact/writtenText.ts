import { fileURLToPath, pathToFileURL } from 'node:url';
import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping';
import type { LogSource } from '../protocol/logs.ts';
import type { SourceRecord } from '../protocol/sources.ts';
import { NexError } from '../protocol/nexError.ts';
import { diagnosticText } from '../protocol/diagnostics.ts';

/** A JavaScript text, and the file it is or was made of. */
export interface ScriptText {
  readonly program: string;
  readonly code: string;
  /** Source map v3 (JSON text) with absolute `file:` URLs; absent where `code` is the file as it was written. */
  readonly map?: string;
}

const lineBreak = /\r\n|[\n\r\u2028\u2029]/g;

/** Finds the place that somebody wrote behind an offset in a text; undefined for what a compiler added. */
export type Locate = (offset: number) => LogSource | undefined;

export function createLocate({ program, code, map }: ScriptText): Locate {
  const url = pathToFileURL(program).href;
  const trace = map === undefined ? undefined : new TraceMap(map);
  const lineStarts = [
    0,
    ...[...code.matchAll(lineBreak)].map((found) => found.index + found[0].length),
  ];
  return (offset) => {
    const line = lineStarts.findLastIndex((start) => start <= offset) + 1;
    const column = offset - (lineStarts[line - 1] ?? 0);
    if (trace === undefined) return { url, line, column: column + 1 };
    const found = originalPositionFor(trace, { line, column });
    return found.source === null
      ? undefined
      : { url: found.source, line: found.line, column: found.column + 1 };
  };
}

/** What was written from a place to the end of its line. */
export function textAt({ url, line, column }: LogSource, sources: SourceRecord['sources']): string {
  const content = sources.find((source) => source.url === url)?.content ?? '';
  return content.split(lineBreak)[line - 1]?.slice(column - 1) ?? '';
}

/** A NexError about one place in a source; without a place, about the file's beginning. */
export function sourceError(
  { code, text, remedy }: { code: string; text: string; remedy: string },
  program: string,
  source: LogSource | undefined,
): NexError {
  const { line, column } = source ?? { line: 1, column: 1 };
  const file = source === undefined ? program : fileURLToPath(source.url);
  const diagnostic = { file, line, column, text };
  return new NexError(code, diagnosticText(diagnostic), { remedy, diagnostics: [diagnostic] });
}
