import { fileURLToPath } from 'node:url';
import type { Protocol } from 'devtools-protocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { AsyncBoundary, StackEntry, UserFrame } from './pause.ts';
import type { CdpConnection } from './cdpConnection.ts';
import type { SourcePosition } from './sourceMap.ts';
import type { Sources } from './sources.ts';

interface WasmScript {
  readonly scriptId: string;
  readonly url: string;
}

/** Which of V8's frames are the user's: those in the function's own script that come from a source of it. */
export class Scripts {
  readonly #own = new Set<string>();
  #sources: Sources | undefined;
  #module: WasmScript | undefined;

  load(sources: Sources): void {
    this.#sources = sources;
  }

  /** The WebAssembly module that the isolate holds, if it is one. */
  get module(): WasmScript | undefined {
    return this.#module;
  }

  get sources(): Sources {
    if (this.#sources === undefined) throw new NexError('not-started', 'Nothing is debugged yet.');
    return this.#sources;
  }

  /** @param scriptUrl of the function, where it is a script */
  attach(cdp: CdpConnection, scriptUrl: string): void {
    this.#own.clear();
    this.#module = undefined;
    cdp.on('Debugger.scriptParsed', ({ scriptId, url, scriptLanguage }) => {
      if (scriptLanguage === 'WebAssembly') this.#module = { scriptId, url };
      if (scriptLanguage === 'WebAssembly' || url === scriptUrl) this.#own.add(scriptId);
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
    const { code } = this.sources;
    const url = escapePattern(code.url);
    const frame = new RegExp(`(?:([\\w$]+) \\()?${url}:(\\d+):(\\d+)`, 'g');
    return stack.replaceAll(
      frame,
      (original: string, name: string | undefined, ...at: string[]) => {
        const generated = { line: Number(at[0]) - 1, column: Number(at[1]) - 1 };
        const place = code.toSource(generated);
        if (place === undefined) return original;
        const caller = name === undefined ? '' : `${code.functionName(name, generated)} (`;
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
    return this.sources.code.isDebuggerStatement(top.generated);
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
    const { code } = this.sources;
    const generated = { line, column };
    const place = code.toSource(generated);
    return place && { place, generated, name: code.functionName(functionName, generated) };
  }
}

const placeText = ({ url, line, column }: SourcePosition) =>
  `${url.startsWith('file:') ? fileURLToPath(url) : url}:${line + 1}:${column + 1}`;

const escapePattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
