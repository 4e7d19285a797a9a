import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping';
import type { V8Workload } from '../protocol/agentPipe.ts';
import { internalScheme } from '../protocol/inspector.ts';
import type { LogSource } from '../protocol/logs.ts';
import { createFunctionNames } from './functionNames.ts';

/** Leads positions in the script that runs back to the user's files. */
export class SourceLocations {
  readonly #scriptUrl: string;
  readonly #map: TraceMap | undefined;
  readonly #nameOf: (name: string) => string = (name) => name;

  constructor({ scriptUrl, source, map }: Pick<V8Workload, 'scriptUrl' | 'source' | 'map'>) {
    this.#scriptUrl = scriptUrl;
    if (map === undefined) return;
    this.#map = new TraceMap(map);
    this.#nameOf = createFunctionNames(source, this.#map);
  }

  /** Where in the user's code a stack's innermost user frame is. */
  ofStack(stack: string): LogSource | undefined {
    for (const frame of stack.split('\n').filter(isFrame)) {
      for (const [, url, line, column] of frame.matchAll(framePattern)) {
        if (url === undefined || url.startsWith(internalScheme)) continue;
        return this.original(url, Number(line), Number(column));
      }
    }
    return undefined;
  }

  /** The stack with each position of the bundle replaced by the user's, and without our own frames. */
  mapStack(stack: string): string {
    return stack
      .split('\n')
      .filter((line) => !line.includes(internalScheme))
      .map((line) => (isFrame(line) ? this.#mapFrame(line) : line))
      .join('\n');
  }

  #mapFrame(line: string): string {
    const named = line.replace(
      functionPattern,
      (_, before: string, name: string) => before + this.#nameOf(name),
    );
    return named.replace(framePattern, (frame, url: string, row: string, column: string) => {
      const at = this.original(url, Number(row), Number(column));
      return frame.replace(`${url}:${row}:${column}`, `${at.url}:${at.line}:${at.column}`);
    });
  }

  original(url: string, line: number, column: number): LogSource {
    // Stacks can be made up by the function; a map knows positions from 1:1 on.
    const isMapped = url === this.#scriptUrl && line > 0 && column > 0;
    if (this.#map === undefined || !isMapped) return { url, line, column };
    const at = originalPositionFor(this.#map, { line, column: column - 1 });
    return at.source === null
      ? { url, line, column }
      : { url: at.source, line: at.line, column: at.column + 1 };
  }
}

/** Frames only: an error's message may be megabytes of URLs, which the pattern would take minutes for. */
const isFrame = (line: string) => /^\s*at /.test(line);

/** `file:///a/b.js:3:7`, bare or in parentheses, as V8 writes frames; bounded, since functions can make stacks up. */
const framePattern = /((?:file|nexdev|https?):[^\s()]{1,1024}?):(\d{1,9}):(\d{1,9})/g;

/** The name of a frame's function; `Box.get` keeps its class. */
const functionPattern = /^(\s*at (?:async |new )?)([\w$]{1,1024})(?= \()/;
