/** Calls an action soon after the last of several requests, never twice at once, and again where one came meanwhile. */
export class Refresher {
  readonly #action: () => Promise<void>;
  readonly #delayMs: number;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #requests = 0;
  #disposed = false;

  constructor(action: () => Promise<void>, delayMs = 150) {
    this.#action = action;
    this.#delayMs = delayMs;
  }

  request(): void {
    if (this.#disposed) return;
    this.#requests += 1;
    if (!this.#running) this.#timer ??= setTimeout(() => void this.#run(), this.#delayMs);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    this.#running = true;
    const before = this.#requests;
    try {
      await this.#action();
    } finally {
      this.#running = false;
      if (this.#requests !== before) this.request();
    }
  }
}
