import ivm from 'isolated-vm';
import { z } from 'zod';
import type { V8Workload } from '../protocol/agentPipe.ts';
import type {
  Batch,
  Engine,
  EngineHost,
  InvocationResult,
  InvocationWatcher,
  TriggerMessage,
} from './engine.ts';
import { EntryRoom } from './entryRoom.ts';
import { FunctionIsolate, type FunctionContext } from './functionIsolate.ts';
import { engineFailure, expired, parseInvocationText } from './invocationResults.ts';
import { packMessages } from './packMessages.ts';
import type { PausableTimer } from './pausableTimer.ts';

/**
 * Runs all invocations in one context, the user's script once: what it keeps is there for the next message. The context
 * is replaced when an invocation passes its time limit, since nobody knows what that left undone.
 */
export class SharedEngine implements Engine {
  readonly batch: Batch;
  readonly #function: FunctionIsolate;
  readonly #workload: V8Workload;
  #context: Promise<FunctionContext> | undefined;
  /** `guest/invokeEach.ts`'s InvokeEach, once the user's script has run. */
  #each: ivm.Reference | undefined;
  #runningContextId: number | undefined;
  readonly #room: EntryRoom;
  /** Number of the entry that runs, and has not been cut off. */
  #entry = 0;
  #onContextGone: ((contextId: number) => void) | undefined;

  /** Compiles; throws the SyntaxError of the user's source. */
  constructor(workload: V8Workload, host: EngineHost) {
    this.#workload = workload;
    this.#function = new FunctionIsolate(workload, host);
    const room = (this.#room = new EntryRoom(host, workload.mode));
    this.batch = {
      get room() {
        return room.size;
      },
      invoke: (messages, timer, watcher) => this.#invokeEach(messages, timer, watcher),
    };
  }

  get isolate(): ivm.Isolate {
    return this.#function.isolate;
  }

  get runningContextId(): number | undefined {
    return this.#runningContextId;
  }

  get newestContextId(): number {
    return this.#function.newestContextId;
  }

  onContextGone(listener: (contextId: number) => void): void {
    this.#onContextGone = listener;
  }

  /** Makes the context where there is none. */
  prepare(): void {
    if (this.#context !== undefined || this.isolate.isDisposed) return;
    this.#context = this.#function.createContext(this.#runningContextId === undefined);
    // Whoever invokes next gets the error; until then it must not count as unhandled.
    this.#context.catch(() => undefined);
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
    this.#function.dispose();
  }

  async #invokeEach(
    messages: readonly TriggerMessage[],
    timer: PausableTimer,
    watcher: InvocationWatcher,
  ): Promise<readonly InvocationResult[]> {
    this.#entry += 1;
    try {
      this.prepare();
      const context = await this.#required();
      this.#runningContextId = context.id;
      watcher.starting(context.id);
      const run = this.#run(context, messages);
      watcher.running();
      // A promise that never settles is not isolated-vm's to time out; and whoever ends later is late.
      const entry = await Promise.race([run, timer.expired.then(() => undefined)]);
      if (entry !== undefined) return this.#results(entry);
      const failure = await expired(this.isolate, this.#workload);
      return await this.#endAt(failure, messages.length);
    } catch (error) {
      const failure = engineFailure(error, this.isolate, this.#workload);
      return await this.#endAt(failure, messages.length);
    } finally {
      this.#runningContextId = undefined;
    }
  }

  async #run(context: FunctionContext, messages: readonly TriggerMessage[]): Promise<Entry> {
    const entry = this.#entry;
    const each = this.#each ?? (await this.#runScript(context));
    if (this.#entry !== entry) throw new Error('the script ended after its time');
    this.#each = each;
    const result: unknown = await each.apply(undefined, [packMessages(entry, messages)], {
      timeout: this.#workload.limits.timeoutMs,
      result: { promise: true, copy: true },
    });
    return entrySchema.parse(result);
  }

  async #runScript({ context, invoke }: FunctionContext): Promise<ivm.Reference> {
    const options = { timeout: this.#workload.limits.timeoutMs, reference: true } as const;
    const fn: unknown = await this.#function.script.run(context, options);
    const result = { reference: true } as const;
    if (!(fn instanceof ivm.Reference)) return invoke.apply(undefined, [fn], { result });
    const each = await invoke.apply(undefined, [fn.derefInto()], { result });
    fn.release();
    return each;
  }

  #results({ texts, talked }: Entry): InvocationResult[] {
    // Who talks to its host is waited for there: then each message is to go its way alone.
    if (talked) this.#room.shrink();
    else this.#room.grow();
    return texts.map(parseInvocationText);
  }

  /** The entry ended before its time; what it had finished counts. The next one gets another context. */
  async #endAt(failure: InvocationResult, messages: number): Promise<InvocationResult[]> {
    const finished = await this.#cutOff().catch(() => []);
    this.#room.shrink();
    await this.#replaceContext();
    // The last one may just have made it.
    return [...finished, failure].slice(0, messages);
  }

  async #cutOff(): Promise<InvocationResult[]> {
    const entry = this.#entry;
    this.#entry += 1;
    if (this.#each === undefined || this.isolate.isDisposed) return [];
    const texts: unknown = await this.#each.apply(undefined, [entry], { result: { copy: true } });
    return z.array(z.string()).parse(texts).map(parseInvocationText);
  }

  async #replaceContext(): Promise<void> {
    const context = await this.#context?.catch(() => undefined);
    this.#context = undefined;
    if (!this.isolate.isDisposed) this.#each?.release();
    this.#each = undefined;
    if (context === undefined) return;
    this.#function.release(context);
    this.#onContextGone?.(context.id);
  }

  #required(): Promise<FunctionContext> {
    if (this.#context === undefined) throw new Error('the isolate is gone');
    return this.#context;
  }
}

/** `guest/invokeEach.ts`'s Entry. */
const entrySchema = z.object({ texts: z.array(z.string()), talked: z.boolean() });
type Entry = z.infer<typeof entrySchema>;
