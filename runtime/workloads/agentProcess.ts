import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fromAgentProcessSchema, type ToAgentProcess } from '../protocol/agentPipe.ts';
import type { NatsOptions } from '../protocol/natsOptions.ts';
import { AgentChannel, type AgentExit, type ChannelEnd } from './agentChannel.ts';

/** An agent as its node sees it: a child process, and a pipe of `protocol/agentPipe.ts` messages. */
export class AgentProcess implements ChannelEnd {
  readonly pid: number;
  /** Resolves when the process is gone. */
  readonly exited: Promise<AgentExit>;
  /** What the process itself printed last: V8's last words when it crashes. */
  lastWords = '';
  readonly #child: ChildProcess;
  readonly #channels = new Map<number, AgentChannel>();
  #versions = 0;

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

  /** The way to one more version of the workload that it hosts. */
  open(): AgentChannel {
    this.#versions += 1;
    const version = this.#versions;
    const channel = new AgentChannel(this, version);
    this.#channels.set(version, channel);
    void channel.gone.then(() => this.#channels.delete(version));
    return channel;
  }

  /** Versions that it has now, and all that it ever had. */
  get versions(): { now: number; ever: number } {
    return { now: this.#channels.size, ever: this.#versions };
  }

  rehearse(nats: NatsOptions): void {
    this.send({ rehearse: nats });
  }

  send(message: ToAgentProcess): void {
    // An agent that dies now is noticed by its exit.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** SIGKILL: an agent that has to be ended is not asked. */
  kill(why = ''): void {
    if (why !== '') this.lastWords = why;
    this.#child.kill('SIGKILL');
  }

  /** What an agent hosts may have got at what it says: an agent that does not keep to the protocol is ended, not trusted. */
  #receive(received: unknown): void {
    const parsed = fromAgentProcessSchema.safeParse(received);
    if (parsed.success) this.#channels.get(parsed.data.version)?.receive(parsed.data.message);
    else this.kill('it sent its node a message that is none');
  }

  #remember(line: string): void {
    if (/fatal error|segmentation|abort/i.test(line) || this.lastWords === '') {
      this.lastWords = line.slice(0, 500);
    }
  }
}
