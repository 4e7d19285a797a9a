import type { NatsOptions } from '../protocol/natsOptions.ts';
import type { AgentChannel } from './agentChannel.ts';
import { AgentProcess } from './agentProcess.ts';

interface WarmAgent {
  readonly agent: AgentProcess;
  /** Fires once nobody has needed it for a while. */
  readonly rehearsal: NodeJS.Timeout;
}

/** Keeps agents warm, so that a deploy does not wait for a process to start. */
export class AgentPool {
  readonly #agentPath: string;
  readonly #size: number;
  readonly #nats: NatsOptions;
  readonly #warm: WarmAgent[] = [];
  #disposed = false;

  constructor(agentPath: string, size: number, nats: NatsOptions) {
    this.#agentPath = agentPath;
    this.#size = size;
    this.#nats = nats;
    this.#fill();
  }

  get available(): number {
    return this.#warm.length;
  }

  /** A warm agent, or a new one; the pool starts its replacement. */
  take(): AgentChannel {
    if (this.#disposed) throw new Error('the agent pool is closed');
    const warm = this.#warm.shift();
    clearTimeout(warm?.rehearsal);
    const agent = warm?.agent ?? new AgentProcess(this.#agentPath);
    // The replacement must not take the processor from what the deploy does now.
    setTimeout(() => this.#fill(), refillMs).unref();
    return agent.open();
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const all = this.#warm.splice(0);
    for (const { agent, rehearsal } of all) {
      clearTimeout(rehearsal);
      agent.kill();
    }
    await Promise.all(all.map(({ agent }) => agent.exited));
  }

  #fill(): void {
    while (!this.#disposed && this.#warm.length < this.#size) {
      const agent = new AgentProcess(this.#agentPath);
      const rehearse = () => agent.rehearse(this.#nats);
      const warm = { agent, rehearsal: setTimeout(rehearse, rehearseMs) };
      this.#warm.push(warm);
      void agent.exited.then(() => {
        clearTimeout(warm.rehearsal);
        const index = this.#warm.indexOf(warm);
        if (index >= 0) this.#warm.splice(index, 1);
      });
    }
  }
}

const refillMs = 300;
/** A deploy that comes this soon gets an agent that has not rehearsed: it must not wait for it. */
const rehearseMs = 500;
