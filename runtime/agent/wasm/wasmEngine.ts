import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import ivm from 'isolated-vm';
import { z } from 'zod';
import type { WasmWorkload } from '../../protocol/agentPipe.ts';
import { internalScheme } from '../../protocol/inspector.ts';
import { copyInto } from '../copyInto.ts';
import type {
  Batch,
  Engine,
  EngineHost,
  InvocationResult,
  InvocationWatcher,
  TriggerMessage,
} from '../engine.ts';
import { EntryRoom } from '../entryRoom.ts';
import { guestSource } from '../guestSource.ts';
import { engineFailure, expired } from '../invocationResults.ts';
import { packMessages } from '../packMessages.ts';
import type { PausableTimer } from '../pausableTimer.ts';
import type { LoadedModule } from './guest/main.ts';
import type { WasmSettings } from './guest/wasmHost.ts';
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
  readonly batch: Batch;
  /** Resolves to `guest/runEach.ts`'s RunEach. */
  readonly ready: Promise<ivm.Reference>;
  readonly #workload: WasmWorkload;
  readonly #room: EntryRoom;
  /** Number of the entry that runs. */
  #entry = 0;
  #running = false;

  /** Compiles; throws why the module cannot be run. */
  constructor(workload: WasmWorkload, host: EngineHost) {
    this.#workload = workload;
    const { memoryMb } = workload.limits;
    // A module's memory is not part of the isolate's heap. The flag is this process's, which hosts no other module.
    setFlagsFromString(`--wasm-max-mem-pages=${memoryMb * pagesPerMb}`);
    this.isolate = new ivm.Isolate({ memoryLimit: memoryMb, inspector: true });
    const loaded = this.#load(host);
    refuseUnfit(loaded, workload.mode);
    this.ready = this.#makeReady(loaded);
    const room = (this.#room = new EntryRoom(host, workload.mode));
    this.batch = {
      get room() {
        return room.size;
      },
      invoke: (messages, timer, watcher) => this.#invokeEach(messages, timer, watcher),
    };
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
    const [result] = await this.#invokeEach([{ subject, payload }], timer, watcher);
    if (result === undefined) throw new Error('an entry gave no result');
    return result;
  }

  dispose(): void {
    if (!this.isolate.isDisposed) this.isolate.dispose();
  }

  async #invokeEach(
    messages: readonly TriggerMessage[],
    timer: PausableTimer,
    watcher: InvocationWatcher,
  ): Promise<readonly InvocationResult[]> {
    this.#running = true;
    this.#entry += 1;
    try {
      watcher.starting(contextId);
      const run = this.#run(messages);
      watcher.running();
      const results = await Promise.race([run, timer.expired.then(() => undefined)]);
      if (results !== undefined) return results;
      return await this.#endAt(await expired(this.isolate, this.#workload), messages.length);
    } catch (error) {
      const failure = engineFailure(error, this.isolate, this.#workload);
      return await this.#endAt(failure, messages.length);
    } finally {
      this.#running = false;
    }
  }

  async #run(messages: readonly TriggerMessage[]): Promise<readonly InvocationResult[]> {
    const { timeoutMs: timeout } = this.#workload.limits;
    const each = await this.ready;
    const outcomes: unknown = await each.apply(undefined, [packMessages(this.#entry, messages)], {
      timeout,
      result: { copy: true },
    });
    this.#room.grow();
    return this.#results(outcomes);
  }

  #results(outcomes: unknown): InvocationResult[] {
    return z
      .array(z.unknown())
      .parse(outcomes)
      .map((outcome) => readOutcome(outcome, this.#workload));
  }

  /** The entry was ended from outside; what it had finished counts. */
  async #endAt(failure: InvocationResult, messages: number): Promise<InvocationResult[]> {
    this.#room.shrink();
    const finished = await this.#finished().catch(() => []);
    // The last one may just have made it.
    return [...finished, failure].slice(0, messages);
  }

  async #finished(): Promise<InvocationResult[]> {
    const each = await this.ready;
    return this.#results(await each.apply(undefined, [this.#entry], { result: { copy: true } }));
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
    return loaded.getSync('runEach', { reference: true }) as ivm.Reference;
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
