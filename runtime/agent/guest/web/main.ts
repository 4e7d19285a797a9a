/**
 * The web APIs that Nex's V8 does not have, each made at its first use. Built into a script of its own, which the guest
 * evaluates in a context only when a function asks for one of them.
 */
import type { HostLine } from '../hostLine.ts';
import { AbortController, AbortSignal } from './abort.ts';
import { createBase64 } from './base64.ts';
import { createCrypto } from './crypto.ts';
import { DOMException } from './domException.ts';
import { Event, EventTarget } from './eventTarget.ts';
import type * as StructuredClone from './structuredClone.ts';
import type * as TextEncoding from './textEncoding.ts';
import { createTimers, type Timers } from './timers.ts';
import { createPerformance } from './performance.ts';
import { createUrlClasses } from './url.ts';

/** The bundler turns this into a call that runs the module when it is made: some take longer than a short function. */
declare const require: {
  (name: './textEncoding.ts'): typeof TextEncoding;
  (name: './structuredClone.ts'): typeof StructuredClone;
};

const createWebApis = (line: HostLine): Record<string, () => unknown> => {
  const host = line.web.bind(line);
  const timers = once(() => connectTimers(line));
  const base64 = once(() => createBase64(host));
  const urls = once(() => createUrlClasses(host));
  const settled = Promise.resolve();
  AbortSignal.timers = timers;
  return {
    AbortController: () => AbortController,
    AbortSignal: () => AbortSignal,
    DOMException: () => DOMException,
    Event: () => Event,
    EventTarget: () => EventTarget,
    TextDecoder: () => require('./textEncoding.ts').TextDecoder,
    TextEncoder: () => require('./textEncoding.ts').TextEncoder,
    URL: () => urls().URL,
    URLSearchParams: () => urls().URLSearchParams,
    atob: () => base64().atob,
    btoa: () => base64().btoa,
    clearInterval: () => timers().clearInterval,
    clearTimeout: () => timers().clearTimeout,
    crypto: () => createCrypto(host),
    performance: () => createPerformance(host),
    queueMicrotask: () => (callback: () => unknown) => {
      if (typeof callback !== 'function') throw new TypeError('The callback is not a function');
      void settled.then(() => line.guard(callback));
    },
    setInterval: () => timers().setInterval,
    setTimeout: () => timers().setTimeout,
    structuredClone: () => require('./structuredClone.ts').structuredClone,
  };
};

function connectTimers(line: HostLine): Timers {
  const timers = createTimers({
    set: (id, ms) => line.setTimer(id, ms),
    clear: (id) => line.clearTimer(id),
  });
  line.onTimer((id) => line.guard(() => timers.fire(id)));
  line.atEnd(() => timers.clearAll());
  return timers;
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

export type CreateWebApis = typeof createWebApis;

// The completion value of the built script is what the guest picks up.
(globalThis as { nexdevWebApis?: CreateWebApis }).nexdevWebApis = createWebApis;
