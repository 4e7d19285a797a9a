import { asText } from './asText.ts';
import { tag } from './tag.ts';
import { printUncaught } from '../printUncaught.ts';

/** `Event` and `EventTarget` without a tree: what an AbortSignal needs, and functions that use it as a small emitter. */
export class Event {
  readonly type: string;
  readonly cancelable: boolean;
  readonly bubbles: boolean;
  target: EventTarget | null = null;
  currentTarget: EventTarget | null = null;
  defaultPrevented = false;
  #stopped = false;

  constructor(type: string, { bubbles = false, cancelable = false }: EventOptions = {}) {
    this.type = asText(type);
    this.bubbles = bubbles;
    this.cancelable = cancelable;
  }

  preventDefault(): void {
    if (this.cancelable) this.defaultPrevented = true;
  }

  stopPropagation(): void {
    // There is no parent that it could reach.
  }

  stopImmediatePropagation(): void {
    this.#stopped = true;
  }

  static isStopped(event: Event): boolean {
    return event.#stopped;
  }
}
tag('Event', Event.prototype);

interface EventOptions {
  bubbles?: boolean;
  cancelable?: boolean;
}

type Listener =
  ((this: EventTarget, event: Event) => unknown) | { handleEvent(event: Event): unknown };

interface ListenerOptions {
  once?: boolean;
  capture?: boolean;
  signal?: { readonly aborted: boolean; addEventListener: EventTarget['addEventListener'] };
}

interface Registration {
  readonly type: string;
  readonly listener: Listener;
  readonly once: boolean;
  readonly capture: boolean;
}

export class EventTarget {
  readonly #registrations: Registration[] = [];

  addEventListener(
    type: string,
    listener: Listener | null,
    options: boolean | ListenerOptions = {},
  ): void {
    const { once = false, capture = false, signal } = optionsOf(options);
    if (listener === null || signal?.aborted === true) return;
    if (this.#find(type, listener, capture) !== undefined) return;
    this.#registrations.push({ type, listener, once, capture });
    signal?.addEventListener('abort', () => this.removeEventListener(type, listener, capture));
  }

  removeEventListener(
    type: string,
    listener: Listener | null,
    options: boolean | ListenerOptions = {},
  ): void {
    if (listener === null) return;
    const found = this.#find(type, listener, optionsOf(options).capture ?? false);
    if (found !== undefined) this.#registrations.splice(this.#registrations.indexOf(found), 1);
  }

  dispatchEvent(event: Event): boolean {
    event.target = this;
    event.currentTarget = this;
    for (const registration of this.#registrations.filter(({ type }) => type === event.type)) {
      // One that ran before may have taken it off.
      if (!this.#registrations.includes(registration)) continue;
      const { type, listener, once, capture } = registration;
      if (once) this.removeEventListener(type, listener, capture);
      try {
        if (typeof listener === 'function') listener.call(this, event);
        else listener.handleEvent(event);
      } catch (error) {
        printUncaught(error);
      }
      if (Event.isStopped(event)) break;
    }
    event.currentTarget = null;
    return !event.defaultPrevented;
  }

  #find(type: string, listener: Listener, capture: boolean): Registration | undefined {
    return this.#registrations.find(
      (each) => each.type === type && each.listener === listener && each.capture === capture,
    );
  }
}
tag('EventTarget', EventTarget.prototype);

const optionsOf = (options: boolean | ListenerOptions): ListenerOptions =>
  typeof options === 'boolean' ? { capture: options } : options;
