import {
  GREATEST_LOWER_BOUND,
  TraceMap,
  decodedMappings,
  originalPositionFor,
  traceSegment,
} from '@jridgewell/trace-mapping';

/** A position as CDP counts: lines and columns from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface SourcePosition extends Position {
  /** `file:` URL. */
  readonly url: string;
}

/** How positions in what runs lead to positions in what was written. */
export interface PositionMap {
  /** Undefined where no line of the user's stands behind it. */
  toSource(position: Position): SourcePosition | undefined;
}

/** For a script that runs as it was written. */
export class IdentityMap implements PositionMap {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  toSource({ line, column }: Position): SourcePosition {
    return { url: this.#url, line, column };
  }
}

/** What begins at a position of the script, in its source. */
export interface Origin extends SourcePosition {
  /** What it is called there, where the bundler says so. */
  readonly name: string | undefined;
}

/** For a script that was made of sources, by its source map (version 3, absolute `file:` URLs). */
export class ScriptMap implements PositionMap {
  readonly #map: TraceMap;

  constructor(json: string) {
    this.#map = new TraceMap(json);
  }

  toSource({ line, column }: Position): SourcePosition | undefined {
    const found = originalPositionFor(this.#map, {
      line: line + 1,
      column,
      bias: GREATEST_LOWER_BOUND,
    });
    return found.source === null
      ? undefined
      : { url: found.source, line: found.line - 1, column: found.column };
  }

  /** What was written for the token that begins exactly here. */
  originOf({ line, column }: Position): Origin | undefined {
    const segment = traceSegment(this.#map, line, column);
    if (segment === null || segment.length === 1 || segment[0] !== column) return undefined;
    const url = this.#map.resolvedSources[segment[1]];
    const name = segment.length === 5 ? this.#map.names[segment[4]] : undefined;
    return url === undefined ? undefined : { url, line: segment[2], column: segment[3], name };
  }

  /** Whether anything between two positions was written by somebody. What begins a line only continues the one before. */
  hasOrigins(start: Position, end: Position): boolean {
    const lines = decodedMappings(this.#map);
    for (let line = start.line; line <= end.line; line += 1) {
      const from = line === start.line ? start.column : 1;
      const to = line === end.line ? end.column : Infinity;
      const isWithin = ([column]: readonly number[]) =>
        column !== undefined && column >= from && column < to && column > 0;
      if (lines[line]?.some((segment) => segment.length > 1 && isWithin(segment))) return true;
    }
    return false;
  }
}
