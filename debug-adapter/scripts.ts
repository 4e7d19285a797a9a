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
      if (url === this.#sources?.script.url) this.#own.add(scriptId);
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
    const { script } = this.sources;
    const url = escapePattern(script.url);
    const frame = new RegExp(`(?:([\\w$]+) \\()?${url}:(\\d+):(\\d+)`, 'g');
    return stack.replaceAll(
      frame,
      (original: string, name: string | undefined, ...at: string[]) => {
        const generated = { line: Number(at[0]) - 1, column: Number(at[1]) - 1 };
        const place = script.toSource(generated);
        if (place === undefined) return original;
        const caller = name === undefined ? '' : `${script.functionName(name, generated)} (`;
        return caller + placeText(place);
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
    const { syntax } = this.sources.script;
    return syntax?.ancestorsAt(top.generated).at(-1)?.type === 'DebuggerStatement';
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
    const { script } = this.sources;
    const generated = { line, column };
    const place = script.toSource(generated);
    return place && { place, generated, name: script.functionName(functionName, generated) };
  }
}

const placeText = ({ url, line, column }: SourcePosition) =>
  `${url.startsWith('file:') ? fileURLToPath(url) : url}:${line + 1}:${column + 1}`;

const escapePattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
