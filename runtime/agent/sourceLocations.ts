import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping';
import { internalScheme } from '../protocol/inspector.ts';
import type { LogSource } from '../protocol/logs.ts';

/** Leads positions in the script that runs back to the user's files. */
export class SourceLocations {
  readonly #scriptUrl: string;
  readonly #map: TraceMap | undefined;

  constructor(scriptUrl: string, map: string | undefined) {
    this.#scriptUrl = scriptUrl;
    this.#map = map === undefined ? undefined : new TraceMap(map);
  }

  /** Where in the user's code a stack's innermost user frame is. */
  ofStack(stack: string): LogSource | undefined {
    for (const [, url, line, column] of stack.matchAll(framePattern)) {
      if (url === undefined || url.startsWith(internalScheme)) continue;
      return this.original(url, Number(line), Number(column));
    }
    return undefined;
  }

  /** The stack with each position of the bundle replaced by the user's, and without our own frames. */
  mapStack(stack: string): string {
    return stack
      .split('\n')
      .filter((line) => !line.includes(internalScheme))
      .map((line) =>
        line.replace(framePattern, (frame, url: string, row: string, column: string) => {
          const at = this.original(url, Number(row), Number(column));
          return frame.replace(`${url}:${row}:${column}`, `${at.url}:${at.line}:${at.column}`);
        }),
      )
      .join('\n');
  }

  original(url: string, line: number, column: number): LogSource {
    if (this.#map === undefined || url !== this.#scriptUrl) return { url, line, column };
    const at = originalPositionFor(this.#map, { line, column: column - 1 });
    return at.source === null
      ? { url, line, column }
      : { url: at.source, line: at.line, column: at.column + 1 };
  }
}

/** `file:///a/b.js:3:7`, bare or in parentheses, as V8 writes frames. */
const framePattern = /((?:file|nexdev|https?):[^\s()]+?):(\d+):(\d+)/g;
