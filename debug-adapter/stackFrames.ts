import type { Protocol } from 'devtools-protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import { instructionReference } from './instructions.ts';
import type { Pause, StackEntry, UserFrame } from './pause.ts';
import type { Scripts } from './scripts.ts';

/** A frame that the client knows by its id. */
export interface KnownFrame {
  readonly frame: Protocol.Debugger.CallFrame | undefined;
  readonly user: UserFrame | undefined;
  readonly isTop: boolean;
}

/** The call stack of the stop, as DAP shows it. Ids are never used twice. */
export class StackFrames {
  readonly #scripts: Scripts;
  #entries: readonly StackEntry[] = [];
  #firstId = 1;

  constructor(scripts: Scripts) {
    this.#scripts = scripts;
  }

  begin(pause: Pause): void {
    this.#firstId += this.#entries.length;
    this.#entries = pause.stack;
  }

  endStop(): void {
    this.#firstId += this.#entries.length;
    this.#entries = [];
  }

  async list(start = 0, levels = 0): Promise<DebugProtocol.StackTraceResponse['body']> {
    const end = levels > 0 ? start + levels : undefined;
    const part = this.#entries.slice(start, end);
    const stackFrames = await Promise.all(
      part.map((entry, index) => this.#show(entry, this.#firstId + start + index)),
    );
    return { stackFrames, totalFrames: this.#entries.length };
  }

  get topId(): number | undefined {
    return this.#entries.length === 0 ? undefined : this.#firstId;
  }

  get(id: number): KnownFrame {
    const entry = this.#entries[id - this.#firstId];
    if (entry === undefined) {
      throw new NexError('frame-gone', 'This frame is from an earlier stop.');
    }
    const user = 'boundary' in entry ? undefined : entry;
    return { frame: user?.frame, user, isTop: id === this.#firstId };
  }

  async #show(entry: StackEntry, id: number): Promise<DebugProtocol.StackFrame> {
    if ('boundary' in entry) {
      return { id, name: entry.boundary, line: 0, column: 0, presentationHint: 'label' };
    }
    const { url, line, column } = entry.place;
    const source = await this.#scripts.sources.describe(url);
    const shown = { id, name: entry.name, source, line: line + 1, column: column + 1 };
    if (this.#scripts.sources.code.language !== 'WebAssembly') return shown;
    const instructionPointerReference = instructionReference(entry.generated.column);
    return { ...shown, instructionPointerReference };
  }
}
