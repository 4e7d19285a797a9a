import type ivm from 'isolated-vm';

/** The clock of the timers that a function sets; they belong to one context. */
export class GuestTimers {
  readonly #handles = new Map<number, NodeJS.Timeout>();
  readonly #remainingMs: () => number;
  #fire: ivm.Reference | undefined;

  /** `remainingMs` is what the invocation has left: a callback may take no more. */
  constructor(remainingMs: () => number) {
    this.#remainingMs = remainingMs;
  }

  listen(fire: ivm.Reference): void {
    this.#fire = fire;
  }

  set(id: number, ms: number): void {
    this.#handles.set(
      id,
      setTimeout(() => this.#run(id), ms),
    );
  }

  unset(id: number): void {
    clearTimeout(this.#handles.get(id));
    this.#handles.delete(id);
  }

  /** The context goes. */
  clear(isolateIsGone: boolean): void {
    for (const id of this.#handles.keys()) this.unset(id);
    if (!isolateIsGone) this.#fire?.release();
    this.#fire = undefined;
  }

  #run(id: number): void {
    this.#handles.delete(id);
    const timeout = Math.max(1, Math.ceil(this.#remainingMs()));
    // What the callback throws it tells its invocation; a callback that takes too long, or an isolate that is gone,
    // the invocation's own deadline tells.
    this.#fire?.apply(undefined, [id], { timeout }).catch(() => undefined);
  }
}
