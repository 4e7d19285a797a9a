import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import ivm from 'isolated-vm';
import type { WasmWorkload } from '../../protocol/agentPipe.ts';
import { internalScheme } from '../../protocol/inspector.ts';
import { copyInto } from '../copyInto.ts';
import type { Engine, EngineHost, InvocationResult, InvocationWatcher } from '../engine.ts';
import { guestSource } from '../guestSource.ts';
import { engineFailure, expired } from '../invocationResults.ts';
import type { PausableTimer } from '../pausableTimer.ts';
import type { LoadedModule } from './guest/main.ts';
import type { WasmSettings } from './guest/wasmHost.ts';
import { EntryPace } from './entryPace.ts';
import { createHostReferences } from './hostReferences.ts';
import { readOutcome } from './readOutcome.ts';
import { refuseUnfit } from './refuseUnfit.ts';

/**
 * One isolate with one compiled module, which every invocation instantiates afresh. A program cannot reach the context
 * around it, so one context serves all, and breakpoints stay where they were set.
 */
export class WasmEngine implements Engine {
  readonly isolate: ivm.Isolate;
  readonly newestContextId = contextId;
  readonly #workload: WasmWorkload;
  readonly #host: EngineHost;
  readonly #pace = new EntryPace();
  readonly ready: Promise<ivm.Reference>;
  #running = false;

  /** Compiles; throws why the module cannot be run. */
  constructor(workload: WasmWorkload, host: EngineHost) {
    this.#workload = workload;
    this.#host = host;
    const { memoryMb } = workload.limits;
    // A module's memory is not part of the isolate's heap. The flag is this process's, which hosts no other module.
    setFlagsFromString(`--wasm-max-mem-pages=${memoryMb * pagesPerMb}`);
    this.isolate = new ivm.Isolate({ memoryLimit: memoryMb, inspector: true });
    const loaded = this.#load(host);
    refuseUnfit(loaded, workload.mode);
    this.ready = this.#makeReady(loaded);
  }

  get runningContextId(): number | undefined {
    return this.#running ? contextId : undefined;
  }

  /** The one context lives as long as the isolate. */
  onContextGone(): void {
    return;
  }

  /** Nothing is made ahead: an instance costs less than the way into the isolate. */
  prepare(): void {
    return;
  }

  async invoke(
    subject: string,
    payload: Uint8Array,
    timer: PausableTimer,
    watcher: InvocationWatcher,
  ): Promise<InvocationResult> {
    this.#running = true;
    try {
      watcher.starting(contextId);
      const run = this.#enter(subject, payload);
      watcher.running();
      return await Promise.race([
        run,
        timer.expired.then(() => expired(this.isolate, this.#workload)),
      ]);
    } catch (error) {
      return engineFailure(error, this.isolate, this.#workload);
    } finally {
      this.#running = false;
    }
  }

  dispose(): void {
    if (!this.isolate.isDisposed) this.isolate.dispose();
  }

  async #enter(subject: string, payload: Uint8Array): Promise<InvocationResult> {
    const run = await this.ready;
    const { timeoutMs: timeout } = this.#workload.limits;
    const options = { timeout, result: { copy: true } } as const;
    const args = [subject, copyInto(payload)];
    // With a debugger never: a pause would wait for messages that this very thread has to deliver.
    const blocks = this.#pace.mayBlock && !this.#host.debuggerAttached;
    const start = performance.now();
    try {
      const outcome: unknown = blocks
        ? run.applySync(undefined, args, options)
        : await run.apply(undefined, args, options);
      return readOutcome(outcome, this.#workload);
    } finally {
      this.#pace.ended(start, blocks);
    }
  }

  #load(host: EngineHost): ivm.Reference<LoadedModule> {
    const { file, mode, environment, id } = this.#workload;
    const settings: WasmSettings = {
      mode,
      environment,
      subject: mode === 'strict' ? `agentint.${id}.trigger` : undefined,
      maxReplyBytes: host.maxReplyBytes,
    };
    const context = this.isolate.createContextSync({ inspector: true });
    const load = this.isolate
      .compileScriptSync(guestSource('guestWasm', 'nexdevWasm'), {
        filename: `${internalScheme}guestWasm.js`,
      })
      .runSync(context, { reference: true }) as ivm.Reference<(...args: unknown[]) => LoadedModule>;
    return load.applySync(
      undefined,
      [
        copyInto(readFileSync(file)),
        new ivm.ExternalCopy(settings).copyInto({ release: true }),
        ...createHostReferences(host),
      ],
      { result: { reference: true } },
    );
  }

  async #makeReady(loaded: ivm.Reference<LoadedModule>): Promise<ivm.Reference> {
    if (loaded.getSync('needsMore') === true) {
      const create = await this.#startWasmer();
      const extend = loaded.getSync('extend', { reference: true }) as ivm.Reference;
      await extend.apply(undefined, [create.derefInto()]);
    }
    return loaded.getSync('run', { reference: true }) as ivm.Reference;
  }

  /** `guest/wasmer`'s functions, in a context that is no debugger's. */
  async #startWasmer(): Promise<ivm.Reference> {
    const context = await this.isolate.createContext();
    const script = await this.isolate.compileScript(guestSource('guestWasmer', 'nexdevWasmer'), {
      filename: `${internalScheme}guestWasmer.js`,
    });
    const start: ivm.Reference = await script.run(context, { reference: true });
    return start.apply(undefined, [], { result: { promise: true, reference: true } });
  }
}

/** V8 gives an isolate's default context 1. */
const contextId = 2;
const pagesPerMb = 16;
