import { Session } from 'node:inspector';
import type { Position } from './sourceMap.ts';

/**
 * Where V8 can stop in a script, asked of this process's own V8: the isolate knows its script only from the first
 * invocation on, and a breakpoint wants its place before. The text is compiled, never run.
 */
export class BreakLocations implements Disposable {
  readonly #session = new Session();
  readonly #scriptId: Promise<string | undefined>;

  constructor(text: string) {
    this.#session.connect();
    this.#scriptId = this.#compile(text);
  }

  /** Those from `start` on, up to `end` (exclusive); V8 gives at most a thousand. */
  async between(start: Position, end?: Position): Promise<Position[]> {
    const scriptId = await this.#scriptId;
    if (scriptId === undefined) return [];
    const at = ({ line, column }: Position) => ({
      scriptId,
      lineNumber: line,
      columnNumber: column,
    });
    return new Promise((resolve) => {
      this.#session.post(
        'Debugger.getPossibleBreakpoints',
        { start: at(start), ...(end === undefined ? {} : { end: at(end) }) },
        (error, result) =>
          resolve(
            error === null
              ? result.locations.map(({ lineNumber, columnNumber = 0 }) => ({
                  line: lineNumber,
                  column: columnNumber,
                }))
              : [],
          ),
      );
    });
  }

  [Symbol.dispose](): void {
    this.#session.disconnect();
  }

  #compile(expression: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#session.post('Debugger.enable');
      this.#session.post('Runtime.enable');
      this.#session.post(
        'Runtime.compileScript',
        { expression, sourceURL: '', persistScript: true },
        (error, result) => resolve(error === null ? result.scriptId : undefined),
      );
    });
  }
}
