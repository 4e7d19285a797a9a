import { readFileSync } from 'node:fs';
import ivm from 'isolated-vm';
import { z } from 'zod';
import type { V8Workload } from '../protocol/agentPipe.ts';
import type { Limits } from '../protocol/controlApi.ts';
import { internalScheme } from '../protocol/inspector.ts';
import { errorText } from '../protocol/nexError.ts';
import type { Engine, EngineHost, InvocationResult, InvocationWatcher } from './engine.ts';
import type { HostResult } from './guest/host.ts';
import type { PausableTimer } from './pausableTimer.ts';

/** A context made ahead of need, and how to call into it. `id` is its CDP execution context id. */
interface PreparedContext {
  readonly id: number;
  readonly context: ivm.Context;
  readonly invoke: ivm.Reference;
}

/**
 * One isolate with one compiled function. Every invocation gets a fresh context; one is prepared ahead, and never more
 * than two are alive: V8 promotes contexts that live beside many others and the heap grows without a leak.
 */
export class IsolateEngine implements Engine {
  readonly isolate: ivm.Isolate;
  readonly #host: EngineHost;
  readonly #limits: Limits;
  readonly #guest: ivm.Script;
  readonly #script: ivm.Script;
  /** `guest/host.ts`'s Host, made once in a context of its own. */
  readonly #guestHost: ivm.Reference;
  #next: Promise<PreparedContext> | undefined;
  #contextsMade = 0;
  #running: PreparedContext | undefined;
  #onContextGone: ((contextId: number) => void) | undefined;

  /** Compiles; throws the SyntaxError of the user's source. */
  constructor({ source, scriptUrl, limits }: V8Workload, host: EngineHost) {
    this.#host = host;
    this.#limits = limits;
    this.isolate = new ivm.Isolate({ memoryLimit: limits.memoryMb, inspector: true });
    this.#guest = this.isolate.compileScriptSync(guestSource(), {
      filename: `${internalScheme}guest.js`,
    });
    this.#script = this.isolate.compileScriptSync(source, { filename: scriptUrl });
    this.#guestHost = this.#createGuestHost();
  }

  get runningContextId(): number | undefined {
    return this.#running?.id;
  }

  get newestContextId(): number {
    return this.#contextsMade + firstContextId - 1;
  }

  onContextGone(listener: (contextId: number) => void): void {
    this.#onContextGone = listener;
  }

  /** Makes the next context. */
  prepare(): void {
    if (this.#next !== undefined || this.isolate.isDisposed) return;
    this.#next = this.#createContext();
    // Whoever invokes next gets the error; until then it must not count as unhandled.
    this.#next.catch(() => undefined);
  }

  async invoke(
    subject: string,
    payload: Uint8Array,
    timer: PausableTimer,
    watcher: InvocationWatcher,
  ): Promise<InvocationResult> {
    try {
      const next = this.#next ?? this.#createContext();
      this.#next = undefined;
      const prepared = await next;
      this.#running = prepared;
      watcher.starting(prepared.id);
      const run = this.#run(prepared, subject, payload);
      watcher.running();
      return await Promise.race([
        run,
        // A promise that never settles is not isolated-vm's to time out.
        timer.expired.then(() => this.#expired()),
      ]);
    } catch (error) {
      return this.#failure(error);
    } finally {
      this.#release();
    }
  }

  dispose(): void {
    if (!this.isolate.isDisposed) this.isolate.dispose();
  }

  async #run(
    prepared: PreparedContext,
    subject: string,
    payload: Uint8Array,
  ): Promise<InvocationResult> {
    const timeout = this.#limits.timeoutMs;
    const fn = await this.#script.run(prepared.context, { timeout, reference: true });
    try {
      const text: unknown = await prepared.invoke.apply(
        undefined,
        [isReference(fn) ? fn.derefInto() : fn, subject, copyInto(payload)],
        { timeout, result: { promise: true, copy: true } },
      );
      return parseInvocationText(text);
    } finally {
      // An unreleased reference halves the rate and keeps the context.
      if (isReference(fn)) fn.release();
    }
  }

  #release(): void {
    const prepared = this.#running;
    if (prepared === undefined) return;
    this.#running = undefined;
    if (!this.isolate.isDisposed) {
      prepared.invoke.release();
      prepared.context.release();
    }
    this.#onContextGone?.(prepared.id);
  }

  /**
   * Without a debugger the isolate is entered on this thread, which spares two thread hops. With one it never is: a
   * pause would wait for messages that this very thread has to deliver.
   */
  async #createContext(): Promise<PreparedContext> {
    const synchronous = !this.#host.debuggerAttached && this.#running === undefined;
    const context = synchronous
      ? this.isolate.createContextSync({ inspector: true })
      : await this.isolate.createContext({ inspector: true });
    this.#contextsMade += 1;
    const id = this.newestContextId;
    const options = { reference: true } as const;
    const setUp = synchronous
      ? this.#guest.runSync(context, options)
      : await this.#guest.run(context, options);
    const args = [this.#guestHost.derefInto()];
    const invoke = (
      synchronous
        ? setUp.applySync(undefined, args, { result: { reference: true } })
        : await setUp.apply(undefined, args, { result: { reference: true } })
    ) as ivm.Reference;
    setUp.release();
    return { id, context, invoke };
  }

  #createGuestHost(): ivm.Reference {
    const call = new ivm.Reference((service: string, method: string, ...args: unknown[]) =>
      this.#call(service, method, args),
    );
    const log = new ivm.Reference((method: string, text: string, stack: string) => {
      this.#host.log(method, text, stack);
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

  async #call(service: string, method: string, args: unknown[]): Promise<ivm.Copy<HostResult>> {
    const result = await this.#host.call(service, method, args).catch(hostError);
    return new ivm.ExternalCopy(result).copyInto({ release: true });
  }

  /**
   * The time is up. The isolate answers as soon as nothing runs in it any more; some built-ins cannot be interrupted,
   * and then the node ends this process from outside.
   */
  async #expired(): Promise<InvocationResult> {
    await this.isolate.getHeapStatistics();
    return this.#timedOut();
  }

  #timedOut(): InvocationResult {
    const text = `v8 execution timed out after ${this.#limits.timeoutMs}ms`;
    return { kind: 'failed', error: 'timeout', text };
  }

  /** Errors of isolated-vm itself; the user's own come as text from the guest. */
  #failure(error: unknown): InvocationResult {
    if (this.isolate.isDisposed) {
      const text = `the function needed more than its ${this.#limits.memoryMb} MB of memory`;
      return { kind: 'failed', error: 'memory', text, final: true };
    }
    if (error instanceof Error && error.message === 'Script execution timed out.') {
      return this.#timedOut();
    }
    // What the script threw before it gave its function: a thrown string stays one.
    const text = String(error);
    const stack = error instanceof Error ? error.stack : undefined;
    return {
      kind: 'failed',
      error: 'thrown',
      text,
      ...(stack === undefined ? {} : { stack: withoutBoundary(stack) }),
    };
  }
}

/** V8 gives an isolate's default context 1; ours follow in the order they are made. */
const firstContextId = 2;

const hostError = (thrown: unknown): HostResult => ['error', errorText(thrown)];

const isReference = (value: unknown): value is ivm.Reference => value instanceof ivm.Reference;

const copyInto = (payload: Uint8Array) =>
  new ivm.ExternalCopy(payload).copyInto({ release: true, transferIn: true });

/** isolated-vm adds the agent's own frames below this line. */
const withoutBoundary = (stack: string) => stack.split('\n    at (<isolated-vm boundary>)')[0];

const guestFailureSchema = z.object({ text: z.string(), stack: z.string().optional() });

function parseInvocationText(value: unknown): InvocationResult {
  const text = z.string().parse(value);
  const rest = text.slice(1);
  switch (text[0]) {
    case 'R':
      return { kind: 'returned', reply: rest, awaited: false };
    case 'P':
      return { kind: 'returned', reply: rest, awaited: true };
    default: {
      const failure = guestFailureSchema.parse(JSON.parse(rest));
      return {
        kind: 'failed',
        error: 'thrown',
        text: failure.text,
        ...(failure.stack === undefined ? {} : { stack: failure.stack }),
      };
    }
  }
}

/** The built `guest/main.ts`, beside the agent's own bundle. */
function guestSource(): string {
  const built = readFileSync(new URL('guest.js', import.meta.url), 'utf8');
  return `${built}\n;(() => { const s = globalThis.nexdevGuest; delete globalThis.nexdevGuest; return s; })()`;
}
