import type { Ended, FromAgent, Replayed } from '../protocol/agentPipe.ts';
import { nothingReceived, type Received } from '../protocol/handOver.ts';
import { NexError } from '../protocol/nexError.ts';
import { killTree } from '../protocol/processTree.ts';
import type { DebuggerAddress } from '../protocol/serviceDebugger.ts';
import { invocationErrorCodes } from '../protocol/serviceErrors.ts';
import type { AgentChannel, AgentExit } from './agentChannel.ts';
import { reasonOfEnd, type AgentEnd, type ServiceExit } from './agentEnd.ts';
import type { InvocationCounts } from './invocationCounts.ts';
import { OpenInvocations, type LostInvocation } from './openInvocations.ts';
import { fit, hasRoom } from './sharing.ts';
import { Watchdog, type LimitPassed } from './watchdog.ts';
import type { WorkloadDefinition } from './workloadDefinition.ts';

/** One agent and the version of a workload in it: what it is at, how long it may, and whom to answer if it dies. */
export class HostingAgent {
  /** Resolves when that version is gone, and a service with all its processes. */
  readonly ended: Promise<AgentEnd>;
  /** Resolves when, after `stop`, no new message reaches it any more; it may still be busy with old ones. With what it got since `record`. */
  readonly unsubscribed = Promise.withResolvers<Received>();
  readonly #channel: AgentChannel;
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
  #attached = false;
  #subscribed = false;
  #waiting = 0;
  #completed = false;
  #lastRequest = 0;

  constructor(channel: AgentChannel, definition: WorkloadDefinition, counts: InvocationCounts) {
    this.#channel = channel;
    this.#definition = definition;
    this.#counts = counts;
    this.ended = channel.gone.then((exit) => this.#end(exit));
  }

  get pid(): number {
    return this.#channel.agent.pid;
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

  /** Whether messages reach it. */
  get subscribed(): boolean {
    return this.#subscribed;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Messages that wait behind the current one, or for the version before: as far as they were told of. */
  get waiting(): number {
    return Math.max(this.#waiting, this.#open.waiting);
  }

  /** Whether an invocation has come to its end. */
  get completed(): boolean {
    return this.#completed;
  }

  /** The way to a next version in the same agent, which spares a process; undefined where it is better off in one of its own. */
  openBeside(next: WorkloadDefinition): AgentChannel | undefined {
    const { agent } = this.#channel;
    const isCalm =
      this.#subscribed && !this.#attached && (this.#watchdog?.elapsedMs ?? Infinity) < calmMs;
    const mayShare = isCalm && hasRoom(agent.versions) && fit(this.#definition, next);
    return mayShare ? agent.open() : undefined;
  }

  sharesAgentWith(other: HostingAgent): boolean {
    return this.#channel.agent === other.#channel.agent;
  }

  get version(): number {
    return this.#channel.version;
  }

  /**
   * Compiles a function, starts a service; no message is taken yet. Rejects with the agent's reason, and ends it.
   * `successorOf`: the version whose agent it shares.
   */
  async load(successorOf: number | undefined): Promise<void> {
    const { nats, nodeNats } = this.#definition;
    const loaded = this.#next('loaded');
    this.#channel.send({
      type: 'load',
      workload: this.#definition,
      nats,
      ...(nodeNats === undefined ? {} : { nodeNats }),
      successorOf,
    });
    const { inspectorUrl, debugger: debuggerAddress } = await this.#orEnd(loaded);
    this.#inspectorUrl = inspectorUrl;
    this.#debuggerAddress = debuggerAddress;
    if (this.#definition.type === 'native') return;
    this.#watchdog = new Watchdog(this.pid, this.#definition, (passed) => {
      if (this.#passed !== undefined) return;
      this.#passed = passed;
      void this.#channel.end(`of another version of it: ${passed.text}`);
    });
  }

  /** From the moment this resolves, messages on the trigger subjects reach it. Rejects with the agent's reason, and ends it. */
  async subscribe(marker: string | undefined): Promise<void> {
    const subscribed = this.#next('subscribed');
    this.#channel.send({ type: 'subscribe', marker });
    await this.#orEnd(subscribed);
    this.#subscribed = true;
  }

  /** Has it note what it gets from now on; without `marker`, nothing any more. */
  async record(marker: string | undefined): Promise<void> {
    const recording = this.#next('recording');
    this.#channel.send({ type: 'record', marker });
    await recording;
  }

  forget(received: Received): void {
    this.#channel.send({ type: 'forget', received });
  }

  release(): void {
    // What a version before in the same agent had is not this one's.
    this.#watchdog?.measureAnew();
    this.#channel.send({ type: 'release' });
  }

  /** Runs one stored message; resolves when the invocation has ended. */
  replay(stream: string, seq: number): Promise<Replayed> {
    const request = ++this.#lastRequest;
    return new Promise((resolve) => {
      this.#replays.set(request, resolve);
      this.#channel.send({ type: 'replay', request, stream, seq });
    });
  }

  /** Resolves when nothing of it is left. */
  async stop(graceMs: number): Promise<void> {
    await this.#channel.stop(this.#paused ? 0 : graceMs);
    await this.ended;
  }

  async #orEnd<Message>(answer: Promise<Message>): Promise<Message> {
    try {
      return await answer;
    } catch (error) {
      await this.#channel.end();
      throw error;
    }
  }

  /** The next message of that type; rejects if the agent refuses or dies instead. Installs the listener for good. */
  #next<Type extends FromAgent['type']>(type: Type): Promise<Extract<FromAgent, { type: Type }>> {
    return new Promise((resolve, reject) => {
      this.#channel.onMessage((message) => {
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
      case 'attached':
        this.#attached = true;
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
        void this.#channel.end();
        return;
      case 'unsubscribed':
        this.unsubscribed.resolve(message.received);
        return;
      case 'started':
        this.#servicePid = message.pid;
        return;
      case 'exited':
        this.#exit = message;
        this.#channel.agent.kill();
        return;
      case 'left':
      case 'loaded':
      case 'rejected':
      case 'subscribed':
      case 'recording':
        // Answers to what was asked; `#next` and the channel have them.
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

  #end(exit: AgentExit | 'left'): AgentEnd {
    this.#watchdog?.dispose();
    this.unsubscribed.resolve(nothingReceived);
    // An agent that was killed could not end its service.
    if (this.#servicePid !== undefined) killTree(this.#servicePid, this.#definition.id);
    const { lastWords } = this.#channel.agent;
    const reason = this.#passed?.text ?? reasonOfEnd(exit, this.#exit, lastWords);
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

/** A debugger's pause and an invocation that takes long may end with the process: a new version is not to depend on that. */
const calmMs = 100;
