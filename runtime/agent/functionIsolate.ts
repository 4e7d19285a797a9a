import ivm from 'isolated-vm';
import type { V8Workload } from '../protocol/agentPipe.ts';
import { internalScheme } from '../protocol/inspector.ts';
import type { EngineHost } from './engine.ts';
import type { GuestSettings } from './guest/settings.ts';
import { webApiNames } from './guest/webApiNames.ts';
import { createGuestHost } from './guestHost.ts';
import { readGuest } from './guestSource.ts';
import { GuestTimers } from './guestTimers.ts';
import { reachableWebApis } from './reachableWebApis.ts';

/** A context, and how to call into it. `id` is its CDP execution context id. */
export interface FunctionContext {
  readonly id: number;
  readonly context: ivm.Context;
  /** What `guest/main.ts` gives for its settings. */
  readonly invoke: ivm.Reference;
}

/** One isolate with one compiled function, and the contexts that are made for it. */
export class FunctionIsolate {
  readonly isolate: ivm.Isolate;
  /** The user's source, compiled. */
  readonly script: ivm.Script;
  readonly #host: EngineHost;
  readonly #workload: V8Workload;
  readonly #reachable: readonly string[];
  readonly #guest: ivm.Script;
  /** `guest/host.ts`'s Host, made once in a context of its own. */
  readonly #guestHost: ivm.Reference;
  readonly #timers: GuestTimers;
  #contextsMade = 0;

  /** Throws the SyntaxError of the user's source. */
  constructor(workload: V8Workload, host: EngineHost) {
    const { scriptUrl, limits, mode } = workload;
    const source = mode === 'strict' ? untilNul(workload.source) : workload.source;
    this.#host = host;
    this.#workload = workload;
    this.#reachable = mode === 'strict' ? [] : reachableWebApis(source);
    this.isolate = new ivm.Isolate({ memoryLimit: limits.memoryMb, inspector: true });
    this.#guest = this.isolate.compileScriptSync(guestSource(), {
      filename: `${internalScheme}guest.js`,
    });
    this.script = this.isolate.compileScriptSync(source, { filename: scriptUrl });
    this.#timers = new GuestTimers(() => host.remainingMs);
    this.#guestHost = createGuestHost(this.isolate, host, this.#timers);
  }

  /** CDP id of the context made last. */
  get newestContextId(): number {
    return this.#contextsMade + firstContextId - 1;
  }

  /**
   * Without a debugger, and with nothing running, the isolate is entered on this thread, which spares two thread hops.
   * With one it never is: a pause would wait for messages that this very thread has to deliver.
   */
  async createContext(nothingRuns: boolean): Promise<FunctionContext> {
    const synchronous = !this.#host.debuggerAttached && nothingRuns;
    const context = synchronous
      ? this.isolate.createContextSync({ inspector: true })
      : await this.isolate.createContext({ inspector: true });
    this.#contextsMade += 1;
    const id = this.newestContextId;
    const options = { reference: true } as const;
    const setUp = synchronous
      ? this.#guest.runSync(context, options)
      : await this.#guest.run(context, options);
    const args = [this.#guestHost.derefInto(), this.#settings()];
    const invoke = (
      synchronous
        ? setUp.applySync(undefined, args, { result: { reference: true } })
        : await setUp.apply(undefined, args, { result: { reference: true } })
    ) as ivm.Reference;
    setUp.release();
    return { id, context, invoke };
  }

  /** With a debugger a user may type what the source does not name. */
  #settings(): string {
    const { mode, contexts } = this.#workload;
    const all = mode === 'faithful' && this.#host.debuggerAttached;
    const settings: GuestSettings = {
      mode,
      contexts,
      webApis: all ? webApiNames : this.#reachable,
    };
    return JSON.stringify(settings);
  }

  release({ context, invoke }: FunctionContext): void {
    this.#timers.clear(this.isolate.isDisposed);
    if (this.isolate.isDisposed) return;
    invoke.release();
    context.release();
  }

  dispose(): void {
    if (!this.isolate.isDisposed) this.isolate.dispose();
  }
}

/** To v8go a NUL byte ends the source. */
const untilNul = (source: string) => source.split('\0', 1)[0] ?? '';

/** V8 gives an isolate's default context 1; ours follow in the order they are made. */
const firstContextId = 2;

/** The built `guest/main.ts`, with the web APIs ready to be evaluated when they are asked for. */
function guestSource(): string {
  return `${readGuest('guest')}
;(() => {
  const take = (name) => { const value = globalThis[name]; delete globalThis[name]; return value; };
  const setUp = take('nexdevGuest');
  const loadWebApis = () => { ${readGuest('guestWebApis')}\n; return take('nexdevWebApis'); };
  return (...args) => setUp(loadWebApis, ...args);
})()`;
}
