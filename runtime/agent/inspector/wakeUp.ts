/**
 * Cures V8's lost wake-up: a message that is dispatched before a pausing isolate thread has begun to wait is served
 * only at the next dispatch. While a request is unanswered, something harmless is dispatched, first after the current
 * turn and then every millisecond; for requests that take long on purpose, ever more rarely.
 */
export class WakeUp {
  readonly #unanswered = new Set<number>();
  readonly #nudge: () => void;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #nudges = 0;

  constructor(nudge: () => void) {
    this.#nudge = nudge;
  }

  requested(id: number): void {
    this.#unanswered.add(id);
    this.#nudges = 0;
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined;
      this.#tick();
    });
  }

  answered(id: number): void {
    this.#unanswered.delete(id);
    if (this.#unanswered.size === 0) this.stop();
  }

  stop(): void {
    clearImmediate(this.#immediate);
    clearTimeout(this.#timer);
    this.#immediate = undefined;
    this.#timer = undefined;
  }

  #tick(): void {
    if (this.#unanswered.size === 0) return;
    this.#nudge();
    this.#nudges += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), intervalMs(this.#nudges));
  }
}

const intervalMs = (nudges: number) => (nudges < 100 ? 1 : nudges < 200 ? 10 : 100);
