import type { Host, HostResult } from './host.ts';

/** The line to the agent: says for which message of the entry the function talks, and remembers that it did. */
export interface HostLine {
  /** Message of the entry that runs now, counted from 0. */
  position: number;
  /** The function has called the host since `forget`. */
  readonly talked: boolean;
  forget(): void;
  /** Runs a host-service call and waits for it. */
  call(service: string, method: string, args: readonly unknown[]): HostResult;
  /** Publishes one console line. Returns whether a debugger listens. */
  log(method: string, text: string, stack: string): boolean;
}

export function createHostLine(host: Host): HostLine {
  let talked = false;
  return {
    position: 0,
    get talked() {
      return talked;
    },
    forget() {
      talked = false;
    },
    call(service, method, args) {
      talked = true;
      return host.call.applySyncPromise(undefined, [this.position, service, method, ...args], {
        arguments: { copy: true },
      });
    },
    log(method, text, stack) {
      talked = true;
      return host.log.applySync(undefined, [this.position, method, text, stack]);
    },
  };
}
