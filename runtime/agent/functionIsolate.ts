import { readFileSync } from 'node:fs';
import ivm from 'isolated-vm';
import type { V8Workload } from '../protocol/agentPipe.ts';
import { internalScheme } from '../protocol/inspector.ts';
import { errorText } from '../protocol/nexError.ts';
import type { EngineHost } from './engine.ts';
import type { HostResult } from './guest/host.ts';
import type { GuestSettings } from './guest/settings.ts';

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
  readonly #settings: GuestSettings;
  readonly #guest: ivm.Script;
  /** `guest/host.ts`'s Host, made once in a context of its own. */
  readonly #guestHost: ivm.Reference;
  #contextsMade = 0;

  /** Throws the SyntaxError of the user's source. */
  constructor(workload: V8Workload, host: EngineHost) {
    const { source, scriptUrl, limits, mode, contexts } = workload;
    this.#host = host;
    this.#settings = { mode, contexts };
    this.isolate = new ivm.Isolate({ memoryLimit: limits.memoryMb, inspector: true });
    this.#guest = this.isolate.compileScriptSync(guestSource(), {
      filename: `${internalScheme}guest.js`,
    });
    this.script = this.isolate.compileScriptSync(source, { filename: scriptUrl });
    this.#guestHost = this.#createGuestHost();
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
    const args = [this.#guestHost.derefInto(), this.#settings.mode, this.#settings.contexts];
    const invoke = (
      synchronous
        ? setUp.applySync(undefined, args, { result: { reference: true } })
        : await setUp.apply(undefined, args, { result: { reference: true } })
    ) as ivm.Reference;
    setUp.release();
    return { id, context, invoke };
  }

  release({ context, invoke }: FunctionContext): void {
    if (this.isolate.isDisposed) return;
    invoke.release();
    context.release();
  }

  dispose(): void {
    if (!this.isolate.isDisposed) this.isolate.dispose();
  }

  #createGuestHost(): ivm.Reference {
    const call = new ivm.Reference(
      (position: number, service: string, method: string, ...args: unknown[]) =>
        this.#call(position, service, method, args),
    );
    const log = new ivm.Reference((position: number, ...line: [string, string, string]) => {
      this.#host.turnTo(position);
      this.#host.log(...line);
      return this.#host.debuggerAttached;
    });
    const context = this.isolate.createContextSync();
    const create = context.evalSync('(call, log) => ({ call, log })', {
      reference: true,
      filename: `${internalScheme}host.js`,
    });
    return create.applySync(undefined, [call, log], {
      result: { reference: true },
    }) as ivm.Reference;
  }

  async #call(
    position: number,
    service: string,
    method: string,
    args: unknown[],
  ): Promise<ivm.Copy<HostResult>> {
    this.#host.turnTo(position);
    const result = await this.#host.call(service, method, args).catch(hostError);
    return new ivm.ExternalCopy(result).copyInto({ release: true });
  }
}

/** V8 gives an isolate's default context 1; ours follow in the order they are made. */
const firstContextId = 2;

const hostError = (thrown: unknown): HostResult => ['error', errorText(thrown)];

/** The built `guest/main.ts`, beside the agent's own bundle. */
function guestSource(): string {
  const built = readFileSync(new URL('guest.js', import.meta.url), 'utf8');
  return `${built}\n;(() => { const s = globalThis.nexdevGuest; delete globalThis.nexdevGuest; return s; })()`;
}
