import type { Ended, FromAgent, Replayed } from '../protocol/agentPipe.ts';
import { nothingReceived, type Received } from '../protocol/handOver.ts';
import { NexError } from '../protocol/nexError.ts';
import { killTree } from '../protocol/processTree.ts';
import type { DebuggerAddress } from '../protocol/serviceDebugger.ts';
import { invocationErrorCodes } from '../protocol/serviceErrors.ts';
import type { AgentExit, AgentProcess } from './agentProcess.ts';
import type { InvocationCounts } from './invocationCounts.ts';
import { OpenInvocations, type LostInvocation } from './openInvocations.ts';
import { Watchdog, type LimitPassed } from './watchdog.ts';
import type { WorkloadDefinition } from './workloadDefinition.ts';

/** A service that ended by itself; code -1: by a signal. */
export type ServiceExit = Omit<Extract<FromAgent, { type: 'exited' }>, 'type'>;

/** How it came that an agent hosts its workload no more. */
export interface AgentEnd {
  readonly reason: string;
  /** What it left unanswered. */
  readonly lost: readonly LostInvocation[];
  /** Set where it is the service that ended, and not the agent. */
  readonly exit: ServiceExit | undefined;
}

/** One agent process with one workload: what it is at, how long it may, and whom to answer if it dies. */
export class HostingAgent {
  /** Resolves when the process is gone, and a service with all its processes. */
  readonly ended: Promise<AgentEnd>;
  /** Resolves when, after `stop`, no new message reaches it any more; it may still be busy with old ones. With what it got since `record`. */
  readonly unsubscribed = Promise.withResolvers<Received>();
  readonly #process: AgentProcess;
  readonly #definition: WorkloadDefinition;
  readonly #counts: InvocationCounts;
  readonly #open = new OpenInvocations();
  readonly #replays = new Map<number, (result: Replayed) => void>();
  #watchdog: Watchdog | undefined;
  #inspectorUrl: string | undefined;
  #servicePid: number | undefined;
  #debuggerAddress: DebuggerAddress | undefined;
  #exit: ServiceExit | undefined;
  #passed: LimitPassed | undefined;
  #paused = false;
  #waiting = 0;
  #completed = false;
  #lastRequest = 0;

  constructor(process: AgentProcess, definition: WorkloadDefinition, counts: InvocationCounts) {
    this.#process = process;
    this.#definition = definition;
    this.#counts = counts;
    this.ended = process.exited.then((exit) => this.#end(exit));
  }

  get pid(): number {
    return this.#process.pid;
  }

  get inspectorUrl(): string | undefined {
    return this.#inspectorUrl;
  }

  /** Of the process that a service was started as. */
  get servicePid(): number | undefined {
    return this.#servicePid;
  }

  get debuggerAddress(): DebuggerAddress | undefined {
    return this.#debuggerAddress;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Messages that wait behind the current one. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether an invocation has come to its end. */
  get completed(): boolean {
    return this.#completed;
  }

  /** Compiles a function, starts a service; no message is taken yet. Rejects with the agent's reason, and ends it. */
  async load(): Promise<void> {
    const { nats, nodeNats } = this.#definition;
    const loaded = this.#next('loaded');
    this.#process.send({
      type: 'load',
      workload: this.#definition,
      nats,
      ...(nodeNats === undefined ? {} : { nodeNats }),
    });
    const { inspectorUrl, debugger: debuggerAddress } = await this.#orEnd(loaded);
    this.#inspectorUrl = inspectorUrl;
    this.#debuggerAddress = debuggerAddress;
    if (this.#definition.type === 'native') return;
    this.#watchdog = new Watchdog(this.pid, this.#definition, (passed) => {
      this.#passed = passed;
      this.#process.kill();
    });
  }

  /** From the moment this resolves, messages on the trigger subjects reach it. Rejects with the agent's reason, and ends it. */
  async subscribe(marker: string | undefined): Promise<void> {
    const subscribed = this.#next('subscribed');
    this.#process.send({ type: 'subscribe', marker });
    await this.#orEnd(subscribed);
  }

  /** Has it note what it gets from now on; without `marker`, nothing any more. */
  async record(marker: string | undefined): Promise<void> {
    const recording = this.#next('recording');
    this.#process.send({ type: 'record', marker });
    await recording;
  }

  forget(received: Received): void {
    this.#process.send({ type: 'forget', received });
  }

  release(): void {
    this.#process.send({ type: 'release' });
  }

  /** Runs one stored message; resolves when the invocation has ended. */
  replay(stream: string, seq: number): Promise<Replayed> {
    const request = ++this.#lastRequest;
    return new Promise((resolve) => {
      this.#replays.set(request, resolve);
      this.#process.send({ type: 'replay', request, stream, seq });
    });
  }

  /** Resolves when nothing of it is left. */
  async stop(graceMs: number): Promise<void> {
    await this.#process.stop(this.#paused ? 0 : graceMs);
    await this.ended;
  }

  async #orEnd<Message>(answer: Promise<Message>): Promise<Message> {
    try {
      return await answer;
    } catch (error) {
      this.#process.kill();
      throw error;
    }
  }

  /** The next message of that type; rejects if the agent refuses or dies instead. Installs the listener for good. */
  #next<Type extends FromAgent['type']>(type: Type): Promise<Extract<FromAgent, { type: Type }>> {
    return new Promise((resolve, reject) => {
      this.#process.onMessage((message) => {
        if (message.type === type) resolve(message as Extract<FromAgent, { type: Type }>);
        else if (message.type === 'rejected') {
          reject(new NexError('rejected', `workload rejected by agent: ${message.message}`));
        }
        this.#onMessage(message);
      });
      void this.ended.then(({ reason }) => reject(new NexError('agent-died', reason)));
    });
  }

  #onMessage(message: FromAgent): void {
    switch (message.type) {
      case 'begin':
        if (message.ended !== undefined) this.#onInvocationEnd(message.ended);
        this.#open.began(message);
        this.#counts.began();
        this.#watchdog?.began();
        return;
      case 'end':
        this.#onInvocationEnd(message.ended);
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
      case 'refused':
        this.#open.refused(message.behind);
        return;
      case 'replayed':
        this.#replays.get(message.request)?.(message.result);
        this.#replays.delete(message.request);
        return;
      case 'exhausted':
        this.#passed = { kind: 'memory', text: message.reason };
        this.#process.kill();
        return;
      case 'unsubscribed':
        this.unsubscribed.resolve(message.received);
        return;
      case 'started':
        this.#servicePid = message.pid;
        return;
      case 'exited':
        this.#exit = message;
        this.#process.kill();
        return;
      case 'warm':
      case 'loaded':
      case 'rejected':
      case 'subscribed':
      case 'recording':
        // Answers to what was asked; `#next` has them.
        return;
    }
  }

  #onInvocationEnd(ended: Ended): void {
    this.#open.ended(ended.invocations);
    this.#paused = false;
    this.#completed = true;
    this.#watchdog?.ended();
    this.#counts.ended(ended);
  }

  #end(exit: AgentExit): AgentEnd {
    this.#watchdog?.dispose();
    this.unsubscribed.resolve(nothingReceived);
    // An agent that was killed could not end its service.
    if (this.#servicePid !== undefined) killTree(this.#servicePid, this.#definition.id);
    const reason = this.#passed?.text ?? exitText(this.#exit) ?? deathOf(this.#process, exit);
    this.#settleReplays(reason);
    return { reason, lost: this.#takeLost(reason), exit: this.#exit };
  }

  #takeLost(reason: string): LostInvocation[] {
    const lost = this.#open.takeLost(this.#passed?.kind ?? 'agentDied', reason);
    this.#counts.failures += lost.length;
    return lost;
  }

  /** Nobody waits for an answer that cannot come any more. */
  #settleReplays(reason: string): void {
    const { running } = this.#open;
    const code = invocationErrorCodes[this.#passed?.kind ?? 'agentDied'];
    for (const [request, settle] of this.#replays) {
      const outcome = { kind: 'failed', code, text: reason } as const;
      const subject = running?.replay === request ? running.subject : '';
      settle({ kind: 'done', subject, headers: {}, outcome, elapsedMs: 0, logs: [] });
    }
    this.#replays.clear();
  }
}

function exitText(exit: ServiceExit | undefined): string | undefined {
  if (exit === undefined) return undefined;
  const how = exit.signal === undefined ? `exit code ${exit.code}` : `signal ${exit.signal}`;
  return `the service ended (${how})`;
}

function deathOf(agent: AgentProcess, { code, signal }: AgentExit): string {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return `the agent died (${how})${agent.lastWords === '' ? '' : `: ${agent.lastWords}`}`;
}
