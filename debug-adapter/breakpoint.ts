import type { DebugProtocol } from '@vscode/debugprotocol';
import { instructionReference } from './instructions.ts';
import { parseHitCondition, type HitCondition } from './hitCondition.ts';
import { parseLogMessage, type LogPart } from './logMessage.ts';
import { findSyntaxFault } from './syntaxFault.ts';
import type { Position, SourcePosition } from './sourceMap.ts';

export interface BreakpointRequest {
  readonly line: number;
  readonly column?: number | undefined;
  readonly condition?: string | undefined;
  readonly hitCondition?: string | undefined;
  readonly logMessage?: string | undefined;
  /** Offset in a WebAssembly module, for a breakpoint that is set by it. */
  readonly instruction?: number | undefined;
}

export interface BreakpointPlace extends SourcePosition {
  readonly generated: Position;
}

/** One breakpoint of the user's. Condition, hit count and log message may all be on the same one. */
export class Breakpoint {
  readonly id: number;
  readonly request: BreakpointRequest;
  /** Why it can never stop; undefined for one that can. */
  readonly fault: string | undefined;
  readonly condition: string | undefined;
  readonly log: readonly LogPart[] | undefined;
  #place: BreakpointPlace | undefined;
  #noPlaceText = 'Nothing is debugged yet.';
  readonly #hitCondition: HitCondition | undefined;
  #hits = 0;

  constructor(id: number, request: BreakpointRequest) {
    this.id = id;
    this.request = request;
    this.condition = nonEmpty(request.condition);
    this.log = request.logMessage ? parseLogMessage(request.logMessage) : undefined;
    const hits = nonEmpty(request.hitCondition);
    this.#hitCondition = hits === undefined ? undefined : parseHitCondition(hits);
    const conditionFault = this.condition && findSyntaxFault(this.condition);
    if (conditionFault) this.fault = `The condition cannot be read: ${conditionFault}`;
    else if (hits !== undefined && this.#hitCondition === undefined) {
      this.fault = `"${hits}" is no hit count. Write a number, or one after >, >=, <, <=, = or %.`;
    } else this.fault = undefined;
  }

  /** Where it is in the script that runs, and where that is in its source. */
  get place(): BreakpointPlace | undefined {
    return this.#place;
  }

  put(place: BreakpointPlace): void {
    this.#place = this.fault === undefined ? place : undefined;
  }

  putNowhere(reason: string): void {
    this.#place = undefined;
    this.#noPlaceText = reason;
  }

  /** Counts a hit; whether it is one to act on. */
  countHit(): boolean {
    this.#hits += 1;
    return this.#hitCondition?.(this.#hits) ?? true;
  }

  isFor(request: BreakpointRequest): boolean {
    return requestKeys.every((key) => this.request[key] === request[key]);
  }

  /** @param source absent for a breakpoint that is not set by its line */
  describe(source: DebugProtocol.Source | undefined): DebugProtocol.Breakpoint {
    if (this.fault !== undefined) {
      return { id: this.id, verified: false, message: this.fault, reason: 'failed' };
    }
    if (this.#place === undefined) {
      return { id: this.id, verified: false, message: this.#noPlaceText, reason: 'failed' };
    }
    if (source === undefined) return this.#describeInstruction(this.#place);
    const { line, column } = this.#place;
    const shown = { id: this.id, verified: true, source, line: line + 1, column: column + 1 };
    if (line === this.request.line) return shown;
    const asked = this.request.line + 1;
    return { ...shown, message: `Line ${asked} has no code; it stops at line ${line + 1}.` };
  }

  #describeInstruction({ generated: { column } }: BreakpointPlace): DebugProtocol.Breakpoint {
    const at = instructionReference(column);
    const shown = { id: this.id, verified: true, instructionReference: at };
    const { instruction = column } = this.request;
    if (column === instruction) return shown;
    const asked = instructionReference(instruction);
    return { ...shown, message: `No instruction begins at ${asked}; it stops at ${at}.` };
  }
}

const requestKeys = [
  'line',
  'column',
  'condition',
  'hitCondition',
  'logMessage',
  'instruction',
] as const;

const nonEmpty = (text: string | undefined) =>
  text === undefined || text.trim() === '' ? undefined : text.trim();
