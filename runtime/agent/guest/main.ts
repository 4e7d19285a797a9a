/**
 * What runs inside the isolate beside the user's function: the shims of `console` and of the host services, and the
 * call itself. Built into one script, compiled once per isolate, run in each fresh context before anything of the
 * user's, so every built-in it needs is taken while it is still the original. It knows nothing of Node.
 */
import { installConsole } from './console.ts';
import type { Host } from './host.ts';
import { createHostLine } from './hostLine.ts';
import { createHostServices } from './hostServices.ts';
import { createInvoke } from './invoke.ts';
import { createInvokeEach } from './invokeEach.ts';
import type { GuestSettings } from './settings.ts';

const setUp = (host: Host, _mode: GuestSettings['mode'], contexts: GuestSettings['contexts']) => {
  const line = createHostLine(host);
  installConsole(line);
  Object.assign(globalThis, createHostServices(line));
  const invoke = createInvoke();
  return contexts === 'shared' ? createInvokeEach(invoke, line) : invoke;
};

// The completion value of the built script is what the agent picks up.
(globalThis as { nexdevGuest?: typeof setUp }).nexdevGuest = setUp;
