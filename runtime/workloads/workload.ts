import type {
  AgentWorkload,
  Ended,
  FromAgent,
  NatsOptions,
  Replayed,
} from '../protocol/agentPipe.ts';
import type { Claims } from '../protocol/claims.ts';
import type { WorkloadDetail } from '../protocol/devApi.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { invocationErrorCodes } from '../protocol/serviceErrors.ts';
import type { AgentExit, AgentProcess } from './agentProcess.ts';
import { OpenInvocations, type LostInvocation } from './openInvocations.ts';
import { Watchdog, type LimitPassed } from './watchdog.ts';

/** A workload as it was deployed. */
export type WorkloadDefinition = AgentWorkload & DeploymentFacts;

/** What the node knows of a deployment and its agent need not. */
interface DeploymentFacts {
  readonly description: string;
  readonly essential: boolean;
  readonly claims: Claims;
  readonly totalBytes: number;
  readonly program: string | undefined;
  readonly nats: NatsOptions;
  readonly nodeNats: NatsOptions | undefined;
}

/** What a workload reports of itself. */
export interface WorkloadObserver {
  /** An invocation failed because its agent died or was ended. */
  invocationLost(workload: Workload, lost: LostInvocation): void;
  /** The agent is gone and will be started again in `restartInMs`. */
  agentDied(workload: Workload, reason: string, restartInMs: number): void;
  agentRestarted(workload: Workload): void;
}

/** One deployed workload: its agent, kept alive and within its limits. */
export class Workload {
  readonly definition: WorkloadDefinition;
  readonly acceptedAt = Date.now();
  readonly #takeAgent: () => AgentProcess;
  readonly #observer: WorkloadObserver;
  readonly #replays = new Map<number, (result: Replayed) => void>();
  readonly #unsubscribed = Promise.withResolvers<void>();
  readonly #open = new OpenInvocations();
  #agent: AgentProcess | undefined;
  #watchdog: Watchdog | undefined;
  #inspectorUrl: string | undefined;
  #loaded = false;
  #passed: LimitPassed | undefined;
  #paused = false;
  #waiting = 0;
  /** Messages have reached it: from then on its agent is started again when it dies. */
  #accepted = false;
  #stopped = false;
  #restartTimer: NodeJS.Timeout | undefined;
  #deathsInARow = 0;
  #invocations = 0;
  #failures = 0;
  #restarts = 0;
  #runtimeNanos = 0;
  #lastRequest = 0;

  constructor(
    definition: WorkloadDefinition,
    takeAgent: () => AgentProcess,
    observer: WorkloadObserver,
  ) {
    this.definition = definition;
    this.#takeAgent = takeAgent;
    this.#observer = observer;
  }

  /** Starts the agent and compiles; takes no message yet. Rejects with the agent's reason. */
  async load(): Promise<void> {
    await this.#startAgent(this.definition);
  }

  /** From the moment this resolves, messages on the trigger subjects reach it. Rejects with the agent's reason. */
  async subscribe(): Promise<void> {
    const agent = this.#requiredAgent();
    const subscribed = this.#next(agent, 'subscribed');
    agent.send({ type: 'subscribe' });
    try {
      await subscribed;
    } catch (error) {
      agent.kill();
      throw error;
    }
    this.#accepted = true;
  }

  /** Runs one stored message; resolves when the invocation has ended. */
  replay(stream: string, seq: number): Promise<Replayed> {
    const agent = this.#requiredAgent();
    const request = ++this.#lastRequest;
    return new Promise((resolve) => {
      this.#replays.set(request, resolve);
      agent.send({ type: 'replay', request, stream, seq });
    });
  }

  /** Idempotent. Resolves when nothing of it is left. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restartTimer);
    await this.#agent?.stop(this.#paused ? 0 : graceMs);
    this.#unsubscribed.resolve();
  }

  /** Resolves when, after `stop`, no new message reaches it any more; it may still be busy with old ones. */
  get unsubscribed(): Promise<void> {
    return this.#unsubscribed.promise;
  }

  get inspectorUrl(): string {
    if (this.#inspectorUrl === undefined) throw this.#notRunning();
    return this.#inspectorUrl;
  }

  /** Sum over all invocations that succeeded or failed by themselves. */
  get runtimeNanos(): number {
    return this.#runtimeNanos;
  }

  get detail(): WorkloadDetail {
    const { id, name, namespace, type, hash, triggerSubjects, limits, program } = this.definition;
    return {
      id,
      name,
      namespace,
      type,
      hash,
      triggerSubjects,
      limits,
      ...(program === undefined ? {} : { program }),
      state: this.#loaded ? 'running' : 'starting',
      ...(this.#agent === undefined ? {} : { agentPid: this.#agent.pid }),
      paused: this.#paused,
      waiting: this.#waiting,
      invocations: this.#invocations,
      failures: this.#failures,
      restarts: this.#restarts,
    };
  }

  async #startAgent(workload: WorkloadDefinition): Promise<void> {
    const agent = this.#takeAgent();
    this.#agent = agent;
    const { nats, nodeNats } = this.definition;
    const loaded = this.#next(agent, 'loaded');
    agent.send({
      type: 'load',
      workload,
      nats,
      ...(nodeNats === undefined ? {} : { nodeNats }),
    });
    try {
      this.#inspectorUrl = (await loaded).inspectorUrl;
      this.#loaded = true;
    } catch (error) {
      this.#agent = undefined;
      agent.kill();
      throw error;
    }
    this.#watchdog = new Watchdog(agent.pid, workload, (passed) => {
      this.#passed = passed;
      agent.kill();
    });
    void agent.exited.then((exit) => this.#onExit(agent, exit));
  }

  /** The next message of that type; rejects if the agent refuses or dies instead. Installs the listener for good. */
  #next<Type extends FromAgent['type']>(
    agent: AgentProcess,
    type: Type,
  ): Promise<Extract<FromAgent, { type: Type }>> {
    return new Promise((resolve, reject) => {
      agent.onMessage((message) => {
        if (message.type === type) resolve(message as Extract<FromAgent, { type: Type }>);
        else if (message.type === 'rejected') {
          reject(new NexError('rejected', `workload rejected by agent: ${message.message}`));
        }
        this.#onMessage(message);
      });
      void agent.exited.then((exit) => reject(new NexError('agent-died', deathOf(agent, exit))));
    });
  }

  #onMessage(message: FromAgent): void {
    switch (message.type) {
      case 'begin':
        if (message.ended !== undefined) this.#onEnd(message.ended);
        this.#open.began(message);
        this.#invocations += 1;
        this.#watchdog?.began();
        return;
      case 'end':
        this.#onEnd(message.ended);
        return;
      case 'paused':
        this.#paused = true;
        this.#watchdog?.paused();
        return;
      case 'resumed':
        this.#paused = false;
        this.#watchdog?.resumed();
        return;
      case 'waiting':
        this.#waiting = message.waiting;
        return;
      case 'backlog':
        this.#watchdog?.allow(message.bytes);
        return;
      case 'callers':
        this.#open.wait(message.callers);
        return;
      case 'replayed':
        this.#replays.get(message.request)?.(message.result);
        this.#replays.delete(message.request);
        return;
      case 'exhausted':
        this.#passed = { kind: 'memory', text: message.reason };
        this.#open.refused();
        this.#agent?.kill();
        return;
      case 'unsubscribed':
        this.#unsubscribed.resolve();
        return;
      case 'warm':
      case 'loaded':
      case 'rejected':
      case 'subscribed':
        // Answers to what was asked; `#next` has them.
        return;
    }
  }

  #onEnd({ invocations, failures, elapsedNanos }: Ended): void {
    this.#open.ended(invocations);
    this.#paused = false;
    this.#watchdog?.ended();
    this.#deathsInARow = 0;
    this.#runtimeNanos += elapsedNanos;
    // The first of them was counted when it began.
    this.#invocations += invocations - 1;
    this.#failures += failures;
  }

  #onExit(agent: AgentProcess, exit: AgentExit): void {
    this.#watchdog?.dispose();
    this.#watchdog = undefined;
    this.#agent = undefined;
    this.#inspectorUrl = undefined;
    this.#loaded = false;
    this.#paused = false;
    this.#waiting = 0;
    const reason = this.#passed?.text ?? deathOf(agent, exit);
    // An agent that stops in order has refused those who waited.
    if (exit.code === 0) this.#open.refused();
    this.#settleLost(reason);
    this.#passed = undefined;
    if (this.#accepted && !this.#stopped) this.#scheduleRestart(reason);
  }

  /** Nobody waits for an answer that cannot come any more. */
  #settleLost(reason: string): void {
    const { running } = this.#open;
    const kind = this.#passed?.kind ?? 'agentDied';
    for (const lost of this.#open.takeLost(kind, reason)) {
      this.#failures += 1;
      this.#observer.invocationLost(this, lost);
    }
    for (const [request, settle] of this.#replays) {
      const outcome = { kind: 'failed', code: invocationErrorCodes[kind], text: reason } as const;
      const subject = running?.replay === request ? running.subject : '';
      settle({ kind: 'done', subject, headers: {}, outcome, elapsedMs: 0, logs: [] });
    }
    this.#replays.clear();
  }

  #scheduleRestart(reason: string): void {
    const restartInMs = Math.min(firstRestartMs * 2 ** this.#deathsInARow, longestRestartMs);
    this.#deathsInARow += 1;
    this.#observer.agentDied(this, reason, restartInMs);
    this.#restartTimer = setTimeout(() => void this.#restart(), restartInMs);
  }

  async #restart(): Promise<void> {
    this.#restarts += 1;
    try {
      await this.#startAgent({ ...this.definition, waitForDebugger: false });
    } catch (error) {
      if (!this.#stopped) this.#scheduleRestart(errorText(error));
      return;
    }
    try {
      await this.subscribe();
      this.#observer.agentRestarted(this);
    } catch {
      // That agent ends, and `#onExit` is who starts the next one: never two at once.
    }
  }

  /** The agent once it has loaded: before, it understands nothing else. */
  #requiredAgent(): AgentProcess {
    if (this.#agent === undefined || !this.#loaded) throw this.#notRunning();
    return this.#agent;
  }

  #notRunning(): NexError {
    return new NexError(
      'workload-restarting',
      `Workload ${this.definition.name} is being started again after its agent died.`,
      { remedy: 'Try again in a moment; `nexdev logs` says why it died.' },
    );
  }
}

const firstRestartMs = 100;
const longestRestartMs = 10_000;

function deathOf(agent: AgentProcess, { code, signal }: AgentExit): string {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return `the agent died (${how})${agent.lastWords === '' ? '' : `: ${agent.lastWords}`}`;
}
