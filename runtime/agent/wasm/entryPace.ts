/**
 * When an entry may run on the agent's own thread, which spares two thread hops, nearly half of a short call. While it does,
 * the agent hears nobody: so only after a short call, and after some of them one entry is made the other way.
 */
export class EntryPace {
  #lastMs = Infinity;
  #heardAt = 0;

  get mayBlock(): boolean {
    return this.#lastMs < shortMs && performance.now() - this.#heardAt < deafMs;
  }

  /** An entry that began at `start` (of `performance.now()`) has ended. */
  ended(start: number, blocked: boolean): void {
    const now = performance.now();
    this.#lastMs = now - start;
    if (!blocked) this.#heardAt = now;
  }
}

const shortMs = 2;
const deafMs = 5;
