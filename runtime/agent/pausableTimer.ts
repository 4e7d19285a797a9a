/** A deadline whose clock stands still while the invocation is stopped in the debugger. */
export class PausableTimer {
  readonly #deadline = Promise.withResolvers<void>();
  #remainingMs: number;
  #runningSince: number | undefined;
  #timeout: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    this.#remainingMs = limitMs;
    this.resume();
  }

  /** Resolves when the time is up; never, if the timer is cleared before. */
  get expired(): Promise<void> {
    return this.#deadline.promise;
  }

  /** Time left in ms, never below zero. */
  get remainingMs(): number {
    const running = this.#runningSince === undefined ? 0 : performance.now() - this.#runningSince;
    return Math.max(0, this.#remainingMs - running);
  }

  pause(): void {
    this.#remainingMs = this.remainingMs;
    this.clear();
  }

  resume(): void {
    if (this.#runningSince !== undefined) return;
    this.#runningSince = performance.now();
    this.#timeout = setTimeout(() => this.#deadline.resolve(), this.#remainingMs);
  }

  clear(): void {
    clearTimeout(this.#timeout);
    this.#runningSince = undefined;
  }
}
