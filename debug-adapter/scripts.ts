import { fileURLToPath } from 'node:url';
import type { Protocol } from 'devtools-protocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { AsyncBoundary, StackEntry, UserFrame } from './pause.ts';
import type { CdpConnection } from './cdpConnection.ts';
import type { SourcePosition } from './sourceMap.ts';
import type { Sources } from './sources.ts';

/** Which of V8's frames are the user's: those in the function's own script that come from a source of it. */
export class Scripts {
  readonly #own = new Set<string>();
  #sources: Sources | undefined;

  load(sources: Sources): void {
    this.#sources = sources;
    this.#own.clear();
  }

  get sources(): Sources {
    if (this.#sources === undefined) throw new NexError('not-started', 'Nothing is debugged yet.');
    return this.#sources;
  }

  attach(cdp: CdpConnection): void {
    cdp.on('Debugger.scriptParsed', ({ scriptId, url }) => {
      if (url === this.#sources?.scriptUrl) this.#own.add(scriptId);
    });
  }

  /** The user's frames, innermost first, with those that await them. */
  userStack(
    frames: readonly Protocol.Debugger.CallFrame[],
    async?: Protocol.Runtime.StackTrace,
  ): StackEntry[] {
    const own = frames.flatMap((frame) => {
      const { scriptId, lineNumber, columnNumber } = frame.location;
      const found = this.#userFrame(scriptId, lineNumber, columnNumber ?? 0, frame.functionName);
      return found === undefined ? [] : [{ ...found, frame }];
    });
    return [...own, ...this.#asyncStack(async)];
  }

  /** Where in the user's files a stack trace of V8's comes from. */
  firstUserFrame(trace: Protocol.Runtime.StackTrace | undefined): UserFrame | undefined {
    for (const { scriptId, lineNumber, columnNumber, functionName } of trace?.callFrames ?? []) {
      const found = this.#userFrame(scriptId, lineNumber, columnNumber, functionName);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The text of a stack, with its places in the user's files. */
  mapStack(stack: string): string {
    const { scriptUrl } = this.sources;
    return stack.replaceAll(
      new RegExp(`${escapePattern(scriptUrl)}:(\\d+):(\\d+)`, 'g'),
      (original, line: string, column: string) => {
        const place = this.sources.toSource({ line: Number(line) - 1, column: Number(column) - 1 });
        return place === undefined ? original : placeText(place);
      },
    );
  }

  /** The user's part of a stack, as lines below what was printed. */
  traceText(trace: Protocol.Runtime.StackTrace | undefined): string {
    const frames = (trace?.callFrames ?? []).map((frame) =>
      this.#userFrame(frame.scriptId, frame.lineNumber, frame.columnNumber, frame.functionName),
    );
    return frames
      .filter((frame) => frame !== undefined)
      .map(({ name, place }) => `\n    at ${name} (${placeText(place)})`)
      .join('');
  }

  isDebuggerStatement(stack: readonly StackEntry[]): boolean {
    const [top] = stack;
    if (top === undefined || 'boundary' in top) return false;
    const syntax = this.sources.syntax(top.place.url);
    return syntax?.ancestorsAt(top.place).at(-1)?.type === 'DebuggerStatement';
  }

  #asyncStack(trace: Protocol.Runtime.StackTrace | undefined): StackEntry[] {
    const entries: StackEntry[] = [];
    for (let part = trace; part !== undefined; part = part.parent) {
      const frames = part.callFrames
        .map(({ scriptId, lineNumber, columnNumber, functionName }) =>
          this.#userFrame(scriptId, lineNumber, columnNumber, functionName),
        )
        .filter((frame) => frame !== undefined);
      const boundary: AsyncBoundary = { boundary: part.description ?? 'async' };
      if (frames.length > 0) entries.push(boundary, ...frames);
    }
    return entries;
  }

  #userFrame(
    scriptId: string,
    line: number,
    column: number,
    functionName: string,
  ): UserFrame | undefined {
    if (!this.#own.has(scriptId)) return undefined;
    const place = this.sources.toSource({ line, column });
    return place && { place, name: functionName === '' ? '(anonymous)' : functionName };
  }
}

const placeText = ({ url, line, column }: SourcePosition) =>
  `${url.startsWith('file:') ? fileURLToPath(url) : url}:${line + 1}:${column + 1}`;

const escapePattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
