import type { LogEntry } from '../protocol/logs.ts';
import type { Invocation } from './invocation.ts';
import { PausableTimer } from './pausableTimer.ts';

/** What the isolate is entered for: one invocation, or several that share a context; between two entries, nothing. */
export class IsolateEntry {
  readonly #timeoutMs: number;
  #invocations: readonly Invocation[] = [];
  #current: Invocation | undefined;
  #timer: PausableTimer | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** The clock of what begins. */
  begin(invocations: readonly Invocation[]): PausableTimer {
    this.#invocations = invocations;
    this.#current = invocations[0];
    this.#timer = new PausableTimer(this.#timeoutMs);
    return this.#timer;
  }

  end(): void {
    this.#invocations = [];
    this.#current = undefined;
  }

  get size(): number {
    return this.#invocations.length;
  }

  /** The one that runs. */
  get current(): Invocation | undefined {
    return this.#current;
  }

  /** What the isolate does from now on is for this one, counted from 0. */
  turnTo(position: number): void {
    this.#current = this.#invocations[position];
  }

  /** How log lines say which one they are of. */
  get tag(): { invocation?: number } {
    return this.#current === undefined ? {} : { invocation: this.#current.number };
  }

  /** Who asked for a replay gets its lines. */
  collect(line: LogEntry): void {
    if (this.#current?.job.origin.kind === 'replay') this.#current.logs.push(line);
  }

  get remainingMs(): number {
    return this.#timer?.remainingMs ?? this.#timeoutMs;
  }

  pause(): void {
    this.#timer?.pause();
  }

  resume(): void {
    this.#timer?.resume();
  }
}
