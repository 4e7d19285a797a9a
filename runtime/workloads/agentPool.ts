import type { NatsOptions } from '../protocol/agentPipe.ts';
import { AgentProcess } from './agentProcess.ts';

/** Keeps agents warm, so that a deploy does not wait for a process to start. */
export class AgentPool {
  readonly #agentPath: string;
  readonly #size: number;
  readonly #nats: NatsOptions;
  readonly #warm: AgentProcess[] = [];
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
  take(): AgentProcess {
    if (this.#disposed) throw new Error('the agent pool is closed');
    const agent = this.#warm.shift() ?? new AgentProcess(this.#agentPath);
    // The replacement must not take the processor from what the deploy does now.
    setTimeout(() => this.#fill(), refillMs).unref();
    return agent;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const agents = this.#warm.splice(0);
    for (const agent of agents) agent.kill();
    await Promise.all(agents.map((agent) => agent.exited));
  }

  #fill(): void {
    while (!this.#disposed && this.#warm.length < this.#size) {
      const agent = new AgentProcess(this.#agentPath);
      agent.send({ type: 'rehearse', nats: this.#nats });
      this.#warm.push(agent);
      void agent.exited.then(() => {
        const index = this.#warm.indexOf(agent);
        if (index >= 0) this.#warm.splice(index, 1);
      });
    }
  }
}

const refillMs = 300;
