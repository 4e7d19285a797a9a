/**
 * What runs inside the isolate beside the user's function: the shims of `console` and of the host services, and the
 * call itself. Built into one script, compiled once per isolate, run in each fresh context before anything of the
 * user's, so every built-in it needs is taken while it is still the original. It knows nothing of Node.
 */
import { installConsole } from './console.ts';
import { createHostServices } from './hostServices.ts';
import type { Host } from './host.ts';
import { createInvoke } from './invoke.ts';

const setUp = (host: Host) => {
  installConsole(host);
  Object.assign(globalThis, createHostServices(host));
  return createInvoke();
};

// The completion value of the built script is what the agent picks up.
(globalThis as { nexdevGuest?: typeof setUp }).nexdevGuest = setUp;
