import type { BreakpointPlace } from './breakpoint.ts';
import type { CodeQuestions } from './runningCode.ts';
import type { Position, SourcePosition } from './sourceMap.ts';

/** Where a debugger can stop, by source. */
export class BreakPlaces {
  readonly #generated: readonly Position[];
  readonly #byUrl = new Map<string, BreakpointPlace[]>();

  /** @param generated places of the script that runs, in its order */
  constructor(
    generated: readonly Position[],
    toSource: (position: Position) => SourcePosition | undefined,
  ) {
    this.#generated = generated;
    for (const position of generated) {
      const found = toSource(position);
      if (found === undefined) continue;
      const places = this.#byUrl.get(found.url) ?? [];
      this.#byUrl.set(found.url, places);
      places.push({ ...found, generated: position });
    }
    // Stable: of those with the same origin, the one that runs first stays first.
    for (const places of this.#byUrl.values()) places.sort(compare);
  }

  /**
   * The first place at or after a position of a source; where that is past the end of the function that the position is in,
   * the last place of the function.
   */
  first(url: string, wanted: Position, code: CodeQuestions): BreakpointPlace | undefined {
    const places = this.#byUrl.get(url) ?? [];
    const index = places.findIndex((place) => compare(place, wanted) >= 0);
    const next = places[index];
    if (next?.line === wanted.line) return next;
    const last = index < 0 ? places.at(-1) : places[index - 1];
    const around = last && code.functionAround(last.generated);
    const isInside = around?.end.url === url && compare(wanted, around.end) <= 0;
    return isInside && (next === undefined || !around.includes(next.generated)) ? last : next;
  }

  /** Those of a source in a range, `end` exclusive. */
  between(url: string, start: Position, end: Position): Position[] {
    const places = this.#byUrl.get(url) ?? [];
    const within = places.filter((one) => compare(one, start) >= 0 && compare(one, end) < 0);
    const seen = new Map(within.map(({ line, column }) => [`${line}:${column}`, { line, column }]));
    return [...seen.values()];
  }

  /** The first place at or after a position of the script. */
  firstGenerated(wanted: Position): Position | undefined {
    return this.#generated.find((position) => compare(position, wanted) >= 0);
  }

  hasSource(url: string): boolean {
    return this.#byUrl.has(url);
  }
}

const compare = (a: Position, b: Position) => a.line - b.line || a.column - b.column;
