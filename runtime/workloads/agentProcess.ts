import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fromAgentSchema, type FromAgent, type ToAgent } from '../protocol/agentPipe.ts';

export interface AgentExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** An agent as its node sees it: a child process, and a pipe of `protocol/agentPipe.ts` messages. */
export class AgentProcess {
  readonly pid: number;
  /** Resolves when the process is gone. */
  readonly exited: Promise<AgentExit>;
  /** What the process itself printed last: V8's last words when it crashes. */
  lastWords = '';
  readonly #child: ChildProcess;
  #listener: (message: FromAgent) => void = () => undefined;

  /** Starts an agent. It must be told what to load before it does anything. */
  constructor(agentPath: string) {
    this.#child = fork(agentPath, {
      // isolated-vm asks for this on Node 20 and later; it cannot be given by NODE_OPTIONS.
      execArgv: ['--no-node-snapshot'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.pid = this.#child.pid ?? -1;
    this.exited = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.lastWords = error.message;
        resolve({ code: -1, signal: null });
      });
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.#child.on('message', (message) => this.#receive(message));
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      if (output !== null) {
        createInterface({ input: output }).on('line', (line) => this.#remember(line));
      }
    }
  }

  onMessage(listener: (message: FromAgent) => void): void {
    this.#listener = listener;
  }

  send(message: ToAgent): void {
    // An agent that dies now is noticed by its exit.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** SIGKILL: an agent that has to be ended is not asked. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Lets it finish what it has, for `graceMs` at most; resolves when the process is gone. */
  async stop(graceMs: number): Promise<void> {
    this.send({ type: 'stop', graceMs });
    const timer = setTimeout(() => this.kill(), graceMs + 500);
    await this.exited;
    clearTimeout(timer);
  }

  /** What an agent hosts may have got at what it says: an agent that does not keep to the protocol is ended, not trusted. */
  #receive(message: unknown): void {
    const parsed = fromAgentSchema.safeParse(message);
    if (parsed.success) {
      this.#listener(parsed.data);
      return;
    }
    this.lastWords = 'it sent its node a message that is none';
    this.kill();
  }

  #remember(line: string): void {
    if (/fatal error|segmentation|abort/i.test(line) || this.lastWords === '') {
      this.lastWords = line.slice(0, 500);
    }
  }
}
