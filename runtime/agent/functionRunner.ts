import type { NatsConnection } from '@nats-io/transport-node';
import type { Ended, FunctionWorkload } from '../protocol/agentPipe.ts';
import { nexDevDomain } from '../protocol/inspector.ts';
import { createHostServices, type HostServices } from './hostServices/createHostServices.ts';
import { InspectorServer } from './inspector/inspectorServer.ts';
import type { Invocation, Job } from './invocation.ts';
import { Backlog } from './backlog.ts';
import { consoleLevel } from './consoleLevels.ts';
import { createEngine } from './createEngine.ts';
import type { Engine, InvocationResult } from './engine.ts';
import type { NodePipe } from './nodePipe.ts';
import { PausableTimer } from './pausableTimer.ts';
import { errorReply } from '../protocol/errorReply.ts';
import { ResultReporter } from './resultReporter.ts';
import { SourceLocations } from './sourceLocations.ts';
import { WaitingCallers } from './waitingCallers.ts';
import type { WorkloadPublisher } from './workloadPublisher.ts';

/**
 * Runs one function, one message at a time, in the order of arrival. Messages wait while the debugger holds it; none is
 * dropped.
 */
export class FunctionRunner {
  readonly #workload: FunctionWorkload;
  readonly #connection: NatsConnection;
  readonly #publisher: WorkloadPublisher;
  readonly #pipe: NodePipe;
  readonly #locations: SourceLocations;
  readonly #engine: Engine;
  readonly #hostServices: HostServices;
  readonly #queue: Job[] = [];
  readonly #backlog: Backlog;
  readonly #waitingCallers: WaitingCallers;
  readonly #results: ResultReporter;
  #inspector: InspectorServer | undefined;
  #current: Invocation | undefined;
  #timer: PausableTimer | undefined;
  #invocations = 0;
  #waitsForDebugger: boolean;
  #paused = false;
  #exhausted = false;
  #waitingToldAs = 0;
  #untoldEnd: Ended | undefined;
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
    this.#publisher = publisher;
    this.#pipe = pipe;
    this.#backlog = new Backlog(pipe);
    this.#waitingCallers = new WaitingCallers(this.#queue, pipe);
    this.#waitsForDebugger = workload.waitForDebugger;
    this.#locations = new SourceLocations(
      workload.scriptUrl,
      workload.type === 'v8' ? workload.map : undefined,
    );
    this.#results = new ResultReporter(connection, publisher, this.#locations);
    this.#hostServices = createHostServices(connection, (level, text) => {
      this.#collect(publisher.log(level, text, this.#invocationTag()));
    });
    this.#engine = this.#createEngine();
  }

  /** Opens the inspector and makes the first context. Resolves to the inspector's WebSocket URL. */
  async start(): Promise<string> {
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
        paused: () => this.#setPaused(true),
        resumed: () => this.#setPaused(false),
      },
    );
    this.#engine.onContextGone((id) => this.#inspector?.contextGone(id));
    this.#engine.prepare();
    return this.#inspector.url;
  }

  enqueue(job: Job): void {
    this.#queue.push(job);
    this.#backlog.added(job);
    this.#tellWaiting();
    void this.#run();
  }

  /** Resolves when nothing runs and nothing waits. */
  get idle(): Promise<void> {
    if (!this.#looping && this.#queue.length === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }

  /** Answers what waits behind with an error: nobody is to wait for ever. */
  refuseWaiting(reason: string): void {
    for (const { origin } of this.#queue.splice(0)) {
      if (origin.kind !== 'trigger' || origin.reply === undefined) continue;
      const { body, headers } = errorReply('agentDied', reason);
      this.#connection.publish(origin.reply, body, { headers });
    }
  }

  dispose(): void {
    this.#inspector?.dispose();
    this.#engine.dispose();
  }

  #mayRun(): boolean {
    return !this.#exhausted && !this.#waitsForDebugger && this.#inspector?.isHeld !== true;
  }

  async #run(): Promise<void> {
    if (this.#looping) return;
    this.#looping = true;
    while (this.#mayRun()) {
      const job = this.#queue.shift();
      if (job === undefined) break;
      this.#backlog.taken(job);
      await this.#invoke(job);
      if (this.#queue.length === 0 || !this.#mayRun()) this.#tellEnd();
      this.#engine.prepare();
    }
    this.#looping = false;
    if (this.#queue.length === 0) this.#idle?.resolve();
  }

  async #invoke(job: Job): Promise<void> {
    this.#invocations += 1;
    const invocation: Invocation = { number: this.#invocations, job, logs: [] };
    this.#current = invocation;
    const timer = new PausableTimer(this.#workload.limits.timeoutMs);
    this.#timer = timer;
    const start = process.hrtime.bigint();
    let contextId = 0;
    const result = await this.#engine.invoke(job.subject, job.payload, timer, {
      starting: (id) => {
        contextId = id;
        this.#tellDebuggers(invocation, id);
      },
      running: () => {
        this.#tellBegin(invocation);
        this.#waitingCallers.began(invocation.number);
        if (this.#paused) this.#setPaused(true);
      },
    });
    timer.clear();
    this.#waitingCallers.ended();
    const elapsedNanos = Number(process.hrtime.bigint() - start);
    this.#current = undefined;
    const outcome = this.#results.report(invocation, result, elapsedNanos);
    this.#untoldEnd = { failed: outcome.kind === 'failed', elapsedNanos };
    this.#inspector?.broadcast(nexDevDomain.invocationEnded, {
      invocation: invocation.number,
      contextId,
      outcome: outcome.kind,
      text: outcomeText(outcome),
    });
    if (outcome.kind === 'failed' && outcome.final === true) this.#giveUp(outcome.text);
  }

  #giveUp(reason: string): void {
    this.#exhausted = true;
    this.refuseWaiting(reason);
    this.#tellEnd();
    this.#pipe.send({ type: 'exhausted', reason });
  }

  #tellBegin({ number, job }: Invocation): void {
    const { origin, subject } = job;
    this.#pipe.send({
      type: 'begin',
      invocation: number,
      subject,
      ...(origin.kind === 'trigger'
        ? {
            trigger: origin.trigger,
            ...(origin.reply === undefined ? {} : { reply: origin.reply }),
          }
        : { replay: origin.request }),
      ...(this.#untoldEnd === undefined ? {} : { ended: this.#untoldEnd }),
    });
    this.#untoldEnd = undefined;
    this.#tellWaiting();
  }

  #tellEnd(): void {
    if (this.#untoldEnd !== undefined) this.#pipe.send({ type: 'end', ended: this.#untoldEnd });
    this.#untoldEnd = undefined;
  }

  #tellDebuggers({ number, job }: Invocation, contextId: number): void {
    const { origin } = job;
    this.#inspector?.broadcast(nexDevDomain.invocationStarted, {
      invocation: number,
      subject: job.subject,
      contextId,
      ...(origin.kind === 'replay' ? { replay: { stream: origin.stream, seq: origin.seq } } : {}),
    });
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
    if (this.#current === undefined) return;
    if (paused) this.#timer?.pause();
    else this.#timer?.resume();
    this.#pipe.send({ type: paused ? 'paused' : 'resumed' });
  }

  #createEngine(): Engine {
    const isAttached = () => this.#inspector?.hasClients === true;
    return createEngine(this.#workload, {
      call: (service, method, args) =>
        this.#hostServices(
          service,
          method,
          args,
          this.#timer?.remainingMs ?? this.#workload.limits.timeoutMs,
        ),
      log: (method, text, stack) => {
        if (this.#current !== undefined) this.#results.logCall(this.#current);
        const source = this.#locations.ofStack(stack);
        this.#collect(
          this.#publisher.log(consoleLevel(method), text, {
            console: true,
            ...(source === undefined ? {} : { source }),
            ...this.#invocationTag(),
          }),
        );
      },
      get debuggerAttached() {
        return isAttached();
      },
    });
  }

  #invocationTag() {
    return this.#current === undefined ? {} : { invocation: this.#current.number };
  }

  #collect(entry: Invocation['logs'][number]): void {
    if (this.#current?.job.origin.kind === 'replay') this.#current.logs.push(entry);
  }
}

const outcomeText = (outcome: InvocationResult) =>
  outcome.kind === 'failed' ? outcome.text : Buffer.from(outcome.reply).toString('utf8');
