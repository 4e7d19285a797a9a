import type { FromAgent, ToAgent, ToAgentProcess } from '../protocol/agentPipe.ts';

export interface AgentExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The process at the other end. */
export interface ChannelEnd {
  readonly pid: number;
  readonly exited: Promise<AgentExit>;
  readonly lastWords: string;
  /** Versions that it has now, and all that it ever had. */
  readonly versions: { now: number; ever: number };
  open(): AgentChannel;
  send(message: ToAgentProcess): void;
  kill(why?: string): void;
}

/** One version of a workload in an agent, as the node sees it. */
export class AgentChannel {
  readonly agent: ChannelEnd;
  readonly version: number;
  /** Resolves when that version is gone: with its process, or alone. */
  readonly gone: Promise<AgentExit | 'left'>;
  readonly #left = Promise.withResolvers<'left'>();
  #listener: (message: FromAgent) => void = () => undefined;

  constructor(agent: ChannelEnd, version: number) {
    this.agent = agent;
    this.version = version;
    this.gone = Promise.race([agent.exited, this.#left.promise]);
  }

  onMessage(listener: (message: FromAgent) => void): void {
    this.#listener = listener;
  }

  send(message: ToAgent): void {
    this.agent.send({ version: this.version, message });
  }

  receive(message: FromAgent): void {
    if (message.type === 'left') this.#left.resolve('left');
    else this.#listener(message);
  }

  /** Lets it finish what it has, for `graceMs` at most; resolves when it is gone. */
  async stop(graceMs: number, why?: string): Promise<void> {
    this.send({ type: 'stop', graceMs });
    const timer = setTimeout(() => this.agent.kill(why), graceMs + 500);
    await this.gone;
    clearTimeout(timer);
  }

  /** Has it gone without delay; another version in the same agent stays, if that can be. `why` is what that one is told. */
  async end(why?: string): Promise<void> {
    if (this.agent.versions.now > 1) await this.stop(0, why);
    else this.agent.kill(why);
  }
}
