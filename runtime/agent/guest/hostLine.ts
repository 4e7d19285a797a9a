import type { Host, HostResult } from './host.ts';
import { printUncaught } from './printUncaught.ts';
import type { WebHost } from './web/webHost.ts';

/** The line to the agent: says for which message of the entry the function talks, and remembers that it did. */
export interface HostLine {
  /** Message of the entry that runs now, counted from 0. */
  position: number;
  /** The function has called the host since `forget`. */
  talked: boolean;
  forget(): void;
  /** Runs a host-service call and waits for it. */
  call(service: string, method: string, args: readonly unknown[]): HostResult;
  /** Publishes one console line. Returns whether a debugger listens. */
  log(method: string, text: string, stack: string): boolean;
  /** Warns of what would not work on a real node, once per workload; `detail` is what the text is about. */
  warn(code: string, detail?: string): void;
  readonly web: WebHost;
  setTimer(id: number, ms: number): void;
  clearTimer(id: number): void;
  /** Who is called when a timer's time has come. */
  onTimer(fire: (id: number) => void): void;
  /** Runs a callback that nobody calls: what it throws fails the invocation, if that has not ended. */
  guard(callback: () => unknown): void;
  /** Who fails when a callback throws; undefined once nothing is pending. */
  fail: ((error: unknown) => void) | undefined;
  /** Tells who wants to know that an invocation has ended. */
  atEnd(listener: () => void): void;
  ended(): void;
}

export function createHostLine(host: Host): HostLine {
  const ErrorConstructor = Error;
  const endListeners: (() => void)[] = [];
  return {
    position: 0,
    fail: undefined,
    // A plain member: an accessor would cost each context 10 µs.
    talked: false,
    forget() {
      this.talked = false;
    },
    call(service, method, args) {
      this.talked = true;
      return host.call.applySyncPromise(undefined, [this.position, service, method, ...args], {
        arguments: { copy: true },
      });
    },
    log(method, text, stack) {
      this.talked = true;
      return host.log.applySync(undefined, [this.position, method, text, stack]);
    },
    warn(code, detail = '') {
      const key = `${code} ${detail}`;
      if (host.told[code] === true || host.told[key] === true) return;
      host.told[key] = true;
      const stack = new ErrorConstructor().stack ?? '';
      host.warn.applySync(undefined, [this.position, code, detail, stack]);
    },
    web: (operation, ...args) =>
      host.web.applySync(undefined, [operation, ...args], {
        arguments: { copy: true },
        result: { copy: true },
      }),
    setTimer: (id, ms) => host.setTimer.applySync(undefined, [id, ms]),
    clearTimer: (id) => host.clearTimer.applySync(undefined, [id]),
    onTimer: (fire) =>
      host.onTimer.applySync(undefined, [fire], { arguments: { reference: true } }),
    guard(callback) {
      try {
        callback();
      } catch (error) {
        if (this.fail === undefined) printUncaught(error);
        else this.fail(error);
      }
    },
    atEnd: (listener) => void endListeners.push(listener),
    ended() {
      this.fail = undefined;
      for (const listener of endListeners) listener();
    },
  };
}
