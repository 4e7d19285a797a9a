import type { NatsConnection } from '@nats-io/transport-node';
import type { FunctionWorkload } from '../protocol/agentPipe.ts';
import { nexDevDomain } from '../protocol/inspector.ts';
import { InspectorServer } from './inspector/inspectorServer.ts';
import type { Invocation, Job } from './invocation.ts';
import { CompatibilityWarnings } from './compatibilityWarnings.ts';
import { createEngine } from './createEngine.ts';
import { createEngineHost } from './engineHost.ts';
import { tellInvocationEnded, tellInvocationStarted } from './debuggerEvents.ts';
import type { Engine, InvocationResult, InvocationWatcher } from './engine.ts';
import { EntryReports } from './entryReports.ts';
import { JobQueue } from './jobQueue.ts';
import type { NodePipe } from './nodePipe.ts';
import { IsolateEntry } from './isolateEntry.ts';
import type { PausableTimer } from './pausableTimer.ts';
import { errorReply } from '../protocol/errorReply.ts';
import { ResultReporter } from './resultReporter.ts';
import { Silence } from './silence.ts';
import { createLocations } from './locations.ts';
import { WaitingCallers } from './waitingCallers.ts';
import type { WorkloadPublisher } from './workloadPublisher.ts';

/**
 * Runs one function, one message at a time, in the order of arrival. Messages wait while the debugger holds it; none is
 * dropped.
 */
export class FunctionRunner {
  readonly #workload: FunctionWorkload;
  readonly #connection: NatsConnection;
  readonly #pipe: NodePipe;
  readonly #engine: Engine;
  readonly #queue: JobQueue;
  readonly #isSilent: boolean;
  readonly #entries: EntryReports;
  readonly #waitingCallers: WaitingCallers;
  readonly #results: ResultReporter;
  readonly #entry: IsolateEntry;
  #inspector: InspectorServer | undefined;
  #invocations = 0;
  #waitsForDebugger: boolean;
  #isHeld = false;
  #paused = false;
  #exhausted = false;
  #disposed = false;
  #waitingToldAs = 0;
  #looping = false;
  #idle: PromiseWithResolvers<void> | undefined;

  /** Compiles the function; throws its SyntaxError. */
  constructor(
    workload: FunctionWorkload,
    connection: NatsConnection,
    publisher: WorkloadPublisher,
    pipe: NodePipe,
  ) {
    this.#workload = workload;
    this.#connection = connection;
    this.#pipe = pipe;
    this.#queue = new JobQueue(pipe);
    this.#isSilent = workload.mode === 'strict';
    this.#entries = new EntryReports(pipe, this.#isSilent);
    this.#waitingCallers = new WaitingCallers(this.#queue, pipe);
    this.#waitsForDebugger = workload.waitForDebugger;
    this.#entry = new IsolateEntry(workload.limits.timeoutMs);
    const locations = createLocations(workload);
    const warnings = new CompatibilityWarnings(publisher, locations, workload.warned);
    const reported = { workload, connection, publisher, locations, warnings };
    this.#results = new ResultReporter({
      ...reported,
      silence: this.#isSilent
        ? new Silence(publisher, this.#queue, () => void this.#run())
        : undefined,
    });
    const host = createEngineHost({
      ...reported,
      results: this.#results,
      entry: this.#entry,
      isDebuggerAttached: () => this.#inspector?.hasClients === true,
    });
    this.#engine = createEngine(workload, host);
  }

  /** Opens the inspector and makes the first context. Resolves to the inspector's WebSocket URL. */
  async start(): Promise<string> {
    await this.#engine.ready;
    this.#inspector = await InspectorServer.start(
      {
        title: `${this.#workload.name} (${this.#workload.triggerSubjects.join(', ')})`,
        scriptUrl: this.#workload.scriptUrl,
        isolate: this.#engine.isolate,
        isLiveContext: (id) =>
          id === this.#engine.runningContextId || id === this.#engine.newestContextId,
      },
      {
        released: () => {
          this.#waitsForDebugger = false;
          void this.#run();
        },
        attached: () => this.#pipe.send({ type: 'attached' }),
        paused: () => this.#setPaused(true),
        resumed: () => this.#setPaused(false),
      },
    );
    this.#engine.onContextGone((id) => this.#inspector?.contextGone(id));
    this.#engine.prepare();
    return this.#inspector.url;
  }

  /** From now on messages wait, until `release`. */
  hold(): void {
    this.#isHeld = true;
    if (!this.#isSilent) this.#waitingCallers.began(this.#invocations);
  }

  /** Idempotent. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#waitingCallers.ended();
    void this.#run();
  }

  enqueue(job: Job): void {
    this.#queue.add(job);
    this.#tellWaiting();
    void this.#run();
  }

  /** Messages that wait behind the one that runs. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Resolves when nothing runs and nothing waits. */
  get idle(): Promise<void> {
    if (!this.#looping && this.#queue.length === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }

  /** Answers what waits behind, and `more`, with an error: nobody is to wait for ever. */
  refuseWaiting(reason: string, more: readonly Job[] = []): void {
    this.#pipe.send({ type: 'refused', behind: this.#invocations + this.#entry.size });
    for (const { origin } of [...this.#queue.clear(), ...more]) {
      if (origin.kind !== 'trigger' || origin.reply === undefined || this.#isSilent) continue;
      const { body, headers } = errorReply('agentDied', reason);
      this.#connection.publish(origin.reply, body, { headers });
    }
  }

  /** What still runs is cut off, and answered by the node. */
  dispose(): void {
    this.#disposed = true;
    this.#inspector?.dispose();
    this.#engine.dispose();
  }

  #mayRun(): boolean {
    const waits = this.#isHeld || this.#waitsForDebugger || this.#inspector?.isHeld === true;
    return !this.#exhausted && !this.#disposed && !waits;
  }

  async #run(): Promise<void> {
    if (this.#looping) return;
    this.#looping = true;
    while (this.#mayRun() && this.#queue.isReady()) {
      await this.#enter(this.#queue.take(this.#engine.batch?.room ?? 1));
      if (!this.#queue.isReady() || !this.#mayRun()) this.#entries.flush();
      this.#engine.prepare();
    }
    this.#looping = false;
    if (this.#queue.length === 0) this.#idle?.resolve();
  }

  async #enter(jobs: readonly Job[]): Promise<void> {
    const entry = jobs.map((job, index): Invocation => ({
      number: this.#invocations + index + 1,
      job,
      logs: [],
    }));
    const timer = this.#entry.begin(entry);
    const start = process.hrtime.bigint();
    let contextId = 0;
    const results = await this.#runEntry(entry, timer, {
      starting: (id) => {
        contextId = id;
        // With a debugger attached an entry has one message.
        const [only] = entry;
        if (only !== undefined) tellInvocationStarted(this.#inspector, only, id);
      },
      running: () => this.#tellNode(entry),
    });
    timer.clear();
    this.#waitingCallers.ended();
    if (this.#disposed) return;
    // Of several in one entry each has taken its share.
    const nanos = Math.round(Number(process.hrtime.bigint() - start) / results.length);
    const elapsedNanos = this.#isUnmeasured ? 0 : nanos;
    this.#invocations += results.length;
    this.#queue.putBack(jobs.slice(results.length));
    this.#finish(entry, results, { elapsedNanos, contextId });
  }

  /** A real node takes no time of WebAssembly functions. */
  get #isUnmeasured(): boolean {
    return this.#workload.type === 'wasm' && this.#workload.mode === 'strict';
  }

  /** Results of the first invocations of the entry; the rest have not been begun. */
  async #runEntry(
    entry: readonly Invocation[],
    timer: PausableTimer,
    watcher: InvocationWatcher,
  ): Promise<readonly InvocationResult[]> {
    const { batch } = this.#engine;
    const messages = entry.map(({ job }) => job);
    if (batch !== undefined) return batch.invoke(messages, timer, watcher);
    const [first] = messages;
    if (first === undefined) return [];
    return [await this.#engine.invoke(first.subject, first.payload, timer, watcher)];
  }

  #finish(
    entry: readonly Invocation[],
    results: readonly InvocationResult[],
    { elapsedNanos, contextId }: { elapsedNanos: number; contextId: number },
  ): void {
    this.#entry.end();
    const outcomes = results.map((result, index) => {
      const invocation = entry[index];
      if (invocation === undefined) throw new Error('more results than messages');
      const outcome = this.#results.report(invocation, result, elapsedNanos);
      tellInvocationEnded(this.#inspector, invocation, outcome, contextId);
      return outcome;
    });
    this.#entries.ended({
      invocations: outcomes.length,
      failures: outcomes.filter(({ kind }) => kind === 'failed').length,
      elapsedNanos: elapsedNanos * outcomes.length,
    });
    const last = outcomes.at(-1);
    if (last?.kind === 'failed' && last.final === true) this.#giveUp(last.text);
  }

  #giveUp(reason: string): void {
    this.#exhausted = true;
    this.refuseWaiting(reason);
    this.#entries.flush();
    this.#pipe.send({ type: 'exhausted', reason });
  }

  #tellNode(entry: readonly Invocation[]): void {
    const [first, ...rest] = entry;
    if (first === undefined) return;
    this.#entries.began(first, rest);
    this.#tellWaiting();
    if (!this.#isSilent) this.#waitingCallers.began(first.number + rest.length);
    if (this.#paused) this.#setPaused(true);
  }

  /** Only while a debugger has to do with it: a count per message would cost every message. */
  #tellWaiting(): void {
    const waiting = this.#queue.length;
    if (this.#inspector?.hasClients !== true && !this.#waitsForDebugger) return;
    if (waiting === this.#waitingToldAs) return;
    this.#waitingToldAs = waiting;
    this.#pipe.send({ type: 'waiting', waiting });
    this.#inspector?.broadcast(nexDevDomain.waitingChanged, { waiting });
  }

  /** It may be stopped with nothing running, in what a client evaluates: the next invocation then begins stopped. */
  #setPaused(paused: boolean): void {
    this.#paused = paused;
    if (this.#entry.current === undefined) return;
    if (paused) this.#entry.pause();
    else this.#entry.resume();
    this.#pipe.send({ type: paused ? 'paused' : 'resumed' });
  }
}
