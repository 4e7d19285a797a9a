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
  if (isStrict) removeNewerGlobals();
  else installConsole(line);
  const transfer = isStrict ? createStrictTransfer(host) : createFaithfulTransfer(line);
  Object.assign(globalThis, createHostServices(line, transfer));
  installWebApis(line, webApis, loadWebApis);
  if (!isStrict) {
    const invoke = createInvoke(line);
    return contexts === 'shared' ? createInvokeEach(invoke, line) : invoke;
  }
  const strict = createStrictInvoke(host.realm);
  return contexts === 'shared' ? createInvokeEach(replyAfterMicrotasks(strict), line) : strict;
};

// The completion value of the built script is what the agent picks up.
(globalThis as { nexdevGuest?: typeof setUp }).nexdevGuest = setUp;
