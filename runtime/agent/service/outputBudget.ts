/**
 * How much of a service's output is published: what a flood has beyond it is read and left out, so that it takes neither the
 * agent's memory nor NATS, and the service never waits for its own log.
 */
export class OutputBudget {
  readonly #onLeftOut: (bytes: number) => void;
  #left = bytesPerSecond;
  #leftOut = 0;
  #window: NodeJS.Timeout | undefined;

  /** `onLeftOut` is told at the end of each second in which something was left out. */
  constructor(onLeftOut: (bytes: number) => void) {
    this.#onLeftOut = onLeftOut;
  }

  /** Whether this much more may be published. */
  take(bytes: number): boolean {
    this.#window ??= setTimeout(() => this.close(), 1000);
    if (this.#left <= 0) {
      this.#leftOut += bytes;
      return false;
    }
    this.#left -= bytes;
    return true;
  }

  /** Ends the current second. */
  close(): void {
    clearTimeout(this.#window);
    this.#window = undefined;
    this.#left = bytesPerSecond;
    if (this.#leftOut > 0) this.#onLeftOut(this.#leftOut);
    this.#leftOut = 0;
  }
}

const bytesPerSecond = 512 * 1024;
