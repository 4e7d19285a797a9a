import {
  GREATEST_LOWER_BOUND,
  LEAST_UPPER_BOUND,
  TraceMap,
  generatedPositionFor,
  originalPositionFor,
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

/** How positions in what runs and positions in what was written lead to each other. */
export interface PositionMap {
  /** Undefined where no line of the user's stands behind it. */
  toSource(position: Position): SourcePosition | undefined;
  /** The first position at or after the given one that something was generated from. */
  toGenerated(source: SourcePosition): Position | undefined;
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

  toGenerated({ line, column }: SourcePosition): Position {
    return { line, column };
  }
}

/** For a bundle, by its source map (version 3, absolute `file:` URLs). */
export class BundleMap implements PositionMap {
  readonly #map: TraceMap;
  readonly #lineCounts: ReadonlyMap<string, number>;

  constructor(json: string, lineCounts: ReadonlyMap<string, number>) {
    this.#map = new TraceMap(json);
    this.#lineCounts = lineCounts;
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

  toGenerated({ url, line, column }: SourcePosition): Position | undefined {
    const last = this.#lineCounts.get(url) ?? 0;
    for (let current = line; current < last; current += 1) {
      const found = generatedPositionFor(this.#map, {
        source: url,
        line: current + 1,
        column: current === line ? column : 0,
        bias: LEAST_UPPER_BOUND,
      });
      if (found.line !== null) return { line: found.line - 1, column: found.column };
    }
    return undefined;
  }
}
