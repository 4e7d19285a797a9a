/**
 * What runs inside the isolate beside the user's function: the shims of `console` and of the host services, and the
 * call itself. Built into one script, compiled once per isolate, run in each fresh context before anything of the
 * user's, so every built-in it needs is taken while it is still the original. It knows nothing of Node.
 */
import { installConsole } from './console.ts';
import type { Host } from './host.ts';
import { createHostLine } from './hostLine.ts';
import { createHostServices, type HostServices } from './hostServices.ts';
import { createInvoke } from './invoke.ts';
import { createInvokeEach } from './invokeEach.ts';
import { createNativeFunctions } from './nativeFunctions.ts';
import { installOlderJson } from './olderJson.ts';
import { removeNewerGlobals } from './strictGlobals.ts';
import { createStrictInvoke, replyAfterMicrotasks } from './strictInvoke.ts';
import type { GuestSettings } from './settings.ts';
import { createFaithfulTransfer, createStrictTransfer } from './transfer.ts';
import type { CreateWebApis } from './web/main.ts';
import { installWebApis } from './webApis.ts';

/** `settings` is a `GuestSettings` as JSON. What is returned is called for each entry. */
const setUp = (loadWebApis: () => CreateWebApis, host: Host, settings: string) => {
  const { mode, contexts, webApis } = JSON.parse(settings) as GuestSettings;
  const line = createHostLine(host);
  const isStrict = mode === 'strict';
  const transfer = isStrict ? createStrictTransfer(host) : createFaithfulTransfer(line);
  const services = createHostServices(line, transfer);
  if (isStrict) makeOlder(services);
  else installConsole(line);
  Object.assign(globalThis, services);
  installWebApis(line, webApis, loadWebApis);
  if (!isStrict) {
    const invoke = createInvoke(line);
    return contexts === 'shared' ? createInvokeEach(invoke, line) : invoke;
  }
  const strict = createStrictInvoke(host.realm);
  return contexts === 'shared' ? createInvokeEach(replyAfterMicrotasks(strict), line) : strict;
};

/** What a function sees of the real node's V8 and of how its host services are made. */
function makeOlder(services: HostServices): void {
  removeNewerGlobals();
  const native = createNativeFunctions();
  installOlderJson(native);
  // v8go makes the global object of a template, whose function has no name.
  Object.defineProperty(Object.getPrototypeOf(globalThis), 'constructor', {
    value: native('', () => undefined),
  });
  for (const [name, service] of Object.entries(services)) {
    if (typeof service === 'function') services[name] = native(name, service);
    else
      for (const [method, call] of Object.entries(service)) service[method] = native(method, call);
  }
}

// The completion value of the built script is what the agent picks up.
(globalThis as { nexdevGuest?: typeof setUp }).nexdevGuest = setUp;
