import ivm from 'isolated-vm';
import type { V8Workload } from '../protocol/agentPipe.ts';
import { copyInto } from './copyInto.ts';
import type { Engine, EngineHost, InvocationResult, InvocationWatcher } from './engine.ts';
import { FunctionIsolate, type FunctionContext } from './functionIsolate.ts';
import { engineFailure, expired, parseInvocationText } from './invocationResults.ts';
import type { PausableTimer } from './pausableTimer.ts';

/**
 * Gives every invocation a fresh context, as Nex does. One is prepared ahead, and never more than two are alive: V8
 * promotes contexts that live beside many others and the heap grows without a leak.
 */
export class IsolateEngine implements Engine {
  readonly #function: FunctionIsolate;
  readonly #workload: V8Workload;
  #next: Promise<FunctionContext> | undefined;
  #running: FunctionContext | undefined;
  #onContextGone: ((contextId: number) => void) | undefined;

  /** Compiles; throws the SyntaxError of the user's source. */
  constructor(workload: V8Workload, host: EngineHost) {
    this.#workload = workload;
    this.#function = new FunctionIsolate(workload, host);
  }

  get isolate(): ivm.Isolate {
    return this.#function.isolate;
  }

  get runningContextId(): number | undefined {
    return this.#running?.id;
  }

  get newestContextId(): number {
    return this.#function.newestContextId;
  }

  onContextGone(listener: (contextId: number) => void): void {
    this.#onContextGone = listener;
  }

  /** Makes the next context. */
  prepare(): void {
    if (this.#next !== undefined || this.isolate.isDisposed) return;
    this.#next = this.#function.createContext(this.#running === undefined);
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
      const next = this.#next ?? this.#function.createContext(this.#running === undefined);
      this.#next = undefined;
      const prepared = await next;
      this.#running = prepared;
      watcher.starting(prepared.id);
      const run = this.#run(prepared, subject, payload);
      watcher.running();
      // A promise that never settles is not isolated-vm's to time out; and whoever ends later is late.
      const result = await Promise.race([run, timer.expired.then(() => undefined)]);
      return result ?? (await expired(this.isolate, this.#workload));
    } catch (error) {
      return engineFailure(error, this.isolate, this.#workload);
    } finally {
      this.#release();
    }
  }

  dispose(): void {
    this.#function.dispose();
  }

  async #run(
    prepared: FunctionContext,
    subject: string,
    payload: Uint8Array,
  ): Promise<InvocationResult> {
    const timeout = this.#workload.limits.timeoutMs;
    const fn = await this.#function.script.run(prepared.context, { timeout, reference: true });
    try {
      const call = prepared.invoke.apply(
        undefined,
        [isReference(fn) ? fn.derefInto() : fn, subject, copyInto(payload)],
        { timeout, result: { promise: true, copy: true } },
      );
      if (this.#workload.mode === 'faithful') return parseInvocationText(await call);
      await call.catch(ignoreRejection);
      // By now the microtasks have run.
      return parseInvocationText(await prepared.invoke.apply(undefined, [], { timeout }));
    } finally {
      // An unreleased reference halves the rate and keeps the context.
      if (isReference(fn)) fn.release();
    }
  }

  #release(): void {
    const prepared = this.#running;
    if (prepared === undefined) return;
    this.#running = undefined;
    this.#function.release(prepared);
    this.#onContextGone?.(prepared.id);
  }
}

/** isolated-vm gives the caller what a promise that nobody awaits was rejected with; on the real node it goes unnoticed. */
function ignoreRejection(error: unknown): void {
  if (error instanceof Error && isolateErrors.test(error.message)) throw error;
}

const isolateErrors = /^Script execution timed out\.$|^Isolate (?:was|is) disposed/;

const isReference = (value: unknown): value is ivm.Reference => value instanceof ivm.Reference;
