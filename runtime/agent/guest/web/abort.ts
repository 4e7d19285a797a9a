import { tag } from './tag.ts';
import { DOMException } from './domException.ts';
import { Event, EventTarget } from './eventTarget.ts';
import type { Timers } from './timers.ts';

/** Only this file makes signals. */
const maker = Symbol('maker');

export class AbortSignal extends EventTarget {
  /** Given with the timers, which a deadline needs. */
  static timers: () => Timers;
  onabort: ((event: Event) => unknown) | null = null;
  #aborted = false;
  #reason: unknown;

  constructor(key?: symbol) {
    super();
    if (key !== maker) throw new TypeError('Illegal constructor');
    this.addEventListener('abort', (event) => this.onabort?.(event));
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  static abort(reason: unknown = aborted()): AbortSignal {
    const signal = createSignal();
    abortSignal(signal, reason);
    return signal;
  }

  static timeout(ms: number): AbortSignal {
    const signal = createSignal();
    const reason = () =>
      new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    AbortSignal.timers().setTimeout(() => abortSignal(signal, reason()), ms);
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const all = [...signals];
    const signal = createSignal();
    const first = all.find((each) => each.aborted);
    if (first !== undefined) abortSignal(signal, first.reason);
    else {
      for (const each of all) {
        each.addEventListener('abort', () => abortSignal(signal, each.reason), { once: true });
      }
    }
    return signal;
  }

  static abortOnce(signal: AbortSignal, reason: unknown): void {
    if (signal.#aborted) return;
    signal.#aborted = true;
    signal.#reason = reason;
    signal.dispatchEvent(new Event('abort'));
  }
}
tag('AbortSignal', AbortSignal.prototype);

export class AbortController {
  readonly #signal = createSignal();

  get signal(): AbortSignal {
    return this.#signal;
  }

  abort(reason: unknown = aborted()): void {
    abortSignal(this.#signal, reason);
  }
}
tag('AbortController', AbortController.prototype);

function createSignal(): AbortSignal {
  return new AbortSignal(maker);
}

const abortSignal = (signal: AbortSignal, reason: unknown) => AbortSignal.abortOnce(signal, reason);
const aborted = () => new DOMException('This operation was aborted', 'AbortError');
