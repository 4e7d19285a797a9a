import ivm from 'isolated-vm';
import { internalScheme } from '../protocol/inspector.ts';
import { errorText } from '../protocol/nexError.ts';
import type { EngineHost } from './engine.ts';
import type { Host, HostResult } from './guest/host.ts';
import { guestSource } from './guestSource.ts';
import type { GuestTimers } from './guestTimers.ts';
import { answerWeb } from './webOperations.ts';

/** `guest/host.ts`'s Host, made once in a context of its own. */
export function createGuestHost(
  isolate: ivm.Isolate,
  host: EngineHost,
  timers: GuestTimers,
): ivm.Reference {
  const references: Record<Exclude<keyof Host, 'told' | 'realm'>, ivm.Reference> = {
    call: new ivm.Reference(
      async (position: number, service: string, method: string, ...args: unknown[]) => {
        host.turnTo(position);
        const result = await host.call(service, method, args).catch(hostError);
        return new ivm.ExternalCopy(result).copyInto({ release: true });
      },
    ),
    log: new ivm.Reference((position: number, ...line: [string, string, string]) => {
      host.turnTo(position);
      host.log(...line);
      return host.debuggerAttached;
    }),
    warn: new ivm.Reference((position: number, ...warning: [string, string, string]) => {
      host.turnTo(position);
      host.warn(...warning);
    }),
    web: new ivm.Reference(answerWeb),
    setTimer: new ivm.Reference((id: number, ms: number) => timers.set(id, ms)),
    clearTimer: new ivm.Reference((id: number) => timers.unset(id)),
    onTimer: new ivm.Reference((fire: ivm.Reference) => timers.listen(fire)),
  };
  const context = isolate.createContextSync();
  const names = Object.keys(references).join(', ');
  const options = { reference: true, filename: `${internalScheme}host.js` } as const;
  const create = context.evalSync(
    `(createRealm, ${names}) => ({ ${names}, told: {}, realm: createRealm() })`,
    options,
  );
  const createRealm = context.evalSync(guestSource('guestRealm', 'nexdevRealm'), options);
  return create.applySync(undefined, [createRealm.derefInto(), ...Object.values(references)], {
    result: { reference: true },
  }) as ivm.Reference;
}

const hostError = (thrown: unknown): HostResult => ['error', errorText(thrown)];
