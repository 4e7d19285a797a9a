import type { Replayed } from '../protocol/agentPipe.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { nothingReceived, type Received } from '../protocol/handOver.ts';
import type { WorkloadDetail } from '../protocol/devApi.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import type { AgentChannel } from './agentChannel.ts';
import type { AgentEnd, ServiceExit } from './agentEnd.ts';
import { HostingAgent } from './hostingAgent.ts';
import { InvocationCounts } from './invocationCounts.ts';
import type { LostInvocation } from './openInvocations.ts';
import type { WorkloadDefinition } from './workloadDefinition.ts';

/** What a workload reports of itself. */
export interface WorkloadObserver {
  /** An invocation failed because its agent died or was ended. */
  invocationLost(workload: Workload, lost: LostInvocation): void;
  /** A service has ended by itself. */
  serviceExited(workload: Workload, exit: ServiceExit, reason: string): void;
  /** The agent is gone. */
  agentDied(workload: Workload, reason: string): void;
  /** It will be started again in `restartInMs`. */
  restarting(workload: Workload, reason: string, restartInMs: number): void;
  agentRestarted(workload: Workload): void;
}

/** One deployed workload: its agent, kept alive and within its limits. */
export class Workload {
  readonly definition: WorkloadDefinition;
  readonly acceptedAt = Date.now();
  /** Resolves when nothing is left of it for good: it was stopped, or a service has ended that is not to be started again. */
  readonly finished: Promise<void>;
  readonly #takeAgent: () => AgentChannel;
  readonly #observer: WorkloadObserver;
  readonly #counts = new InvocationCounts();
  readonly #finished = Promise.withResolvers<void>();
  /** Resolved when it need not wait for a version before it. */
  readonly #released = Promise.withResolvers<void>();
  #agent: HostingAgent | undefined;
  /** The agent that has loaded: before, it understands nothing else. */
  #ready: HostingAgent | undefined;
  #readySince = 0;
  /** Messages have reached it: from then on its agent is started again when it dies. */
  #accepted = false;
  #stopped = false;
  #restartsService = true;
  /** Resolved, or there is another version about to take over. */
  #successor: Promise<void> | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #deathsInARow = 0;
  #restarts = 0;

  constructor(
    definition: WorkloadDefinition,
    takeAgent: () => AgentChannel,
    observer: WorkloadObserver,
  ) {
    this.definition = definition;
    this.finished = this.#finished.promise;
    this.#takeAgent = takeAgent;
    this.#observer = observer;
  }

  /**
   * Compiles a function, starts a service; takes no message yet. Rejects with the agent's reason. In the agent of
   * `predecessor`, the version that it is going to replace, where that can be.
   */
  async load(predecessor?: Workload): Promise<void> {
    const before =
      predecessor === undefined || predecessor.#stopped ? undefined : predecessor.#ready;
    const channel = before?.openBeside(this.definition);
    if (before === undefined || channel === undefined) {
      await this.#startAgent(this.definition);
      return;
    }
    try {
      await this.#startAgent(this.definition, channel, before.version);
    } catch (error) {
      // What the version before died of is not this one's fault.
      if (!isAgentDeath(error)) throw error;
      await this.#startAgent(this.definition);
    }
  }

  /** Whether both have loaded in the same agent, and are there still. */
  sharesAgentWith(other: Workload): boolean {
    return other.#ready !== undefined && this.#ready?.sharesAgentWith(other.#ready) === true;
  }

  /** From the moment this resolves, messages on the trigger subjects reach it. Rejects with the agent's reason. */
  async subscribe(marker?: string): Promise<void> {
    await this.#requiredAgent().subscribe(marker);
    this.#accepted = true;
  }

  /**
   * Has it note what it gets from now on, where it runs at all; it may die before it can. `settled` resolves when the other
   * version has taken over, and this one was stopped, or cannot.
   */
  async record(marker: string, settled: Promise<void>): Promise<void> {
    this.#successor = settled;
    void settled.then(() => {
      if (!this.#stopped) void this.#record(undefined);
    });
    await this.#record(marker);
  }

  /** An agent that does not react must not keep its successor from taking over; by then it is ended as a rule. */
  async #record(marker: string | undefined): Promise<void> {
    const waitMs = Math.min(this.definition.limits.timeoutMs + 1000, longestRecordMs);
    await Promise.race([
      this.#ready?.record(marker).catch(() => undefined),
      pause(waitMs, undefined, { ref: false }),
    ]);
  }

  /** What it holds and another version has got is not its own to run. */
  forget(received: Received): void {
    this.#agent?.forget(received);
  }

  /** Lets it run what it holds. */
  release(): void {
    this.#agent?.release();
    this.#released.resolve();
  }

  /** Runs one stored message; resolves when the invocation has ended. */
  replay(stream: string, seq: number): Promise<Replayed> {
    return this.#requiredAgent().replay(stream, seq);
  }

  /** A service that has ended, or does from now on, is not started again; a function goes on answering. */
  restartServiceNoMore(): void {
    this.#restartsService = false;
    if (!this.#isService || this.#restartTimer === undefined) return;
    clearTimeout(this.#restartTimer);
    this.#finished.resolve();
  }

  /** Idempotent. Resolves when nothing of it is left. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restartTimer);
    await this.#agent?.stop(graceMs);
    this.#finished.resolve();
  }

  /** Resolves when, after `stop`, no new message reaches it any more; it may still be busy with old ones. */
  get unsubscribed(): Promise<Received> {
    return this.#agent?.unsubscribed.promise ?? Promise.resolve(nothingReceived);
  }

  get inspectorUrl(): string {
    const url = this.#ready?.inspectorUrl;
    if (url === undefined) throw this.#notRunning();
    return url;
  }

  /** Sum over all invocations that succeeded or failed by themselves. */
  get runtimeNanos(): number {
    return this.#counts.runtimeNanos;
  }

  /** Resolves when for as long as one invocation may take none has succeeded, though it might run some. */
  async untilStuck(): Promise<void> {
    await this.#released.promise;
    let before: number;
    do {
      before = this.#counts.succeeded;
      await pause(this.definition.limits.timeoutMs, undefined, { ref: false });
    } while (this.#counts.succeeded > before);
  }

  get detail(): WorkloadDetail {
    const { id, name, namespace, type, hash, triggerSubjects, limits, program } = this.definition;
    const { mode, allow, copy } = this.definition;
    const contexts = this.definition.type === 'v8' ? this.definition.contexts : undefined;
    const { servicePid, debuggerAddress } = this.#agent ?? {};
    return {
      id,
      name,
      namespace,
      type,
      hash,
      triggerSubjects,
      limits,
      options: { mode, contexts, allow },
      ...(copy === undefined ? {} : { copy: true }),
      // A copy is not of the file as it is here: a save is no new version of it.
      ...(program === undefined || copy !== undefined ? {} : { program }),
      state: this.#ready?.subscribed === true ? 'running' : 'starting',
      ...(this.#agent === undefined ? {} : { agentPid: this.#agent.pid }),
      ...(servicePid === undefined ? {} : { servicePid }),
      ...(debuggerAddress === undefined ? {} : { debugger: debuggerAddress }),
      paused: this.#agent?.paused ?? false,
      waiting: this.#agent?.waiting ?? 0,
      invocations: this.#counts.invocations,
      failures: this.#counts.failures,
      restarts: this.#restarts,
    };
  }

  async #startAgent(
    definition: WorkloadDefinition,
    channel = this.#takeAgent(),
    successorOf?: number,
  ): Promise<void> {
    const agent = new HostingAgent(channel, definition, this.#counts);
    this.#agent = agent;
    void agent.ended.then((end) => this.#onEnd(agent, end));
    await agent.load(successorOf);
    this.#ready = agent;
    this.#readySince = performance.now();
  }

  #onEnd(agent: HostingAgent, { reason, lost, exit }: AgentEnd): void {
    const wasReady = this.#ready === agent;
    const livedMs = performance.now() - this.#readySince;
    if (this.#agent === agent) this.#agent = undefined;
    if (wasReady) this.#ready = undefined;
    for (const one of lost) this.#observer.invocationLost(this, one);
    // One that could not be loaded is told to who wanted it.
    if (!wasReady || !this.#accepted || this.#stopped) return;
    if (agent.completed || (this.#isService && livedMs > healthyMs)) this.#deathsInARow = 0;
    if (exit === undefined) this.#observer.agentDied(this, reason);
    else this.#observer.serviceExited(this, exit, reason);
    if (exit === undefined || (this.definition.essential && exit.code !== 0)) {
      this.#scheduleRestart(reason);
    } else this.#finished.resolve();
  }

  get #isService(): boolean {
    return this.definition.type === 'native';
  }

  #scheduleRestart(reason: string): void {
    if (this.#isService && !this.#restartsService) {
      this.#finished.resolve();
      return;
    }
    const restartInMs = Math.min(firstRestartMs * 2 ** this.#deathsInARow, longestRestartMs);
    this.#deathsInARow += 1;
    this.#observer.restarting(this, reason, restartInMs);
    this.#restartTimer = setTimeout(() => void this.#restart(), restartInMs);
  }

  async #restart(): Promise<void> {
    this.#restartTimer = undefined;
    this.#restarts += 1;
    try {
      await this.#startAgent(withoutDebugger(this.definition));
    } catch (error) {
      if (!this.#stopped) this.#scheduleRestart(errorText(error));
      return;
    }
    const agent = this.#ready;
    // What it got while another version takes over would be noted by nobody.
    await this.#successor;
    if (this.#stopped || this.#ready !== agent) return;
    try {
      await this.subscribe();
      this.#observer.agentRestarted(this);
    } catch {
      // That agent ends, and `#onEnd` is who starts the next one: never two at once.
    }
  }

  #requiredAgent(): HostingAgent {
    if (this.#ready === undefined) throw this.#notRunning();
    return this.#ready;
  }

  #notRunning(): NexError {
    return new NexError(
      'workload-restarting',
      `Workload ${this.definition.name} is being started again after its agent died.`,
      { remedy: 'Try again in a moment; `nexdev logs` says why it died.' },
    );
  }
}

const isAgentDeath = (error: unknown) => error instanceof NexError && error.code === 'agent-died';

/** One that is started again must not wait for a client that is gone. */
function withoutDebugger(definition: WorkloadDefinition): WorkloadDefinition {
  const free = { ...definition, waitForDebugger: false };
  if (free.type === 'native') delete free.debugger;
  return free;
}

/** Less than a deployer waits. */
const longestRecordMs = 10_000;
const firstRestartMs = 100;
const longestRestartMs = 10_000;
/** A service that lived longer than that was well. */
const healthyMs = 10_000;
