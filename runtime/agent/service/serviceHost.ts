import { setTimeout as pause } from 'node:timers/promises';
import type { NatsOptions, NativeWorkload, ToAgent } from '../../protocol/agentPipe.ts';
import type { LogLevel } from '../../protocol/logs.ts';
import type { NodePipe } from '../nodePipe.ts';
import type { Connections, WorkloadHost } from '../workloadHost.ts';
import { WorkloadPublisher } from '../workloadPublisher.ts';
import { describeStartError, readExecutable } from './executable.ts';
import { commandFor } from './interpreter.ts';
import { OutputBudget } from './outputBudget.ts';
import { serviceEnvironment } from './serviceEnvironment.ts';
import { ServiceOutput } from './serviceOutput.ts';
import { ServiceProcess, type ServiceExit } from './serviceProcess.ts';

/** A native service: its processes, and their output as logs. It subscribes by itself. */
export class ServiceHost implements WorkloadHost {
  readonly #process: ServiceProcess;
  readonly #connections: Connections;
  readonly #pipe: NodePipe;
  /** Of its process, when all that it printed is published. */
  readonly #exited: Promise<ServiceExit>;
  /** The last that it printed. */
  #tail = '';

  private constructor(
    workload: NativeWorkload,
    process: ServiceProcess,
    connections: Connections,
    pipe: NodePipe,
  ) {
    this.#process = process;
    this.#connections = connections;
    this.#pipe = pipe;
    this.#exited = this.#publishOutput(workload, process);
  }

  /** Rejects where it cannot be started, and where it fails at once. */
  static async start(
    workload: NativeWorkload,
    nats: NatsOptions,
    connections: Connections,
    pipe: NodePipe,
  ): Promise<ServiceHost> {
    const process = await startProcess(workload, nats);
    pipe.send({ type: 'started', pid: process.pid });
    pipe.onNodeGone(() => process.kill());
    const host = new ServiceHost(workload, process, connections, pipe);
    await host.#settle();
    return host;
  }

  subscribe(): Promise<void> {
    void this.#exited.then(({ code, signal }) => this.#pipe.send({ type: 'exited', code, signal }));
    return Promise.resolve();
  }

  replay({ request }: Extract<ToAgent, { type: 'replay' }>): Promise<void> {
    const message = 'A service takes no messages from its agent: there is nothing to replay into.';
    this.#pipe.send({ type: 'replayed', request, result: { kind: 'unavailable', message } });
    return Promise.resolve();
  }

  async stop(graceMs: number): Promise<void> {
    await this.#process.stop(graceMs);
    await this.#exited;
  }

  async #settle(): Promise<void> {
    const exit = await Promise.race([this.#exited, pause(settleMs)]);
    if (exit === undefined || exit.code === 0) return;
    const how = exit.signal === undefined ? `exit code ${exit.code}` : `signal ${exit.signal}`;
    const printed = this.#tail.trim();
    throw new Error(
      `the service ended at once (${how})${printed === '' ? ', without a word' : `: ${printed}`}`,
    );
  }

  async #publishOutput(workload: NativeWorkload, process: ServiceProcess): Promise<ServiceExit> {
    const publisher = new WorkloadPublisher(this.#connections.nodeConnection, workload);
    const publish = (level: LogLevel, text: string) => {
      this.#tail = (this.#tail + text).slice(-tailLength);
      publisher.log(level, text);
    };
    const budget = new OutputBudget((bytes) =>
      publish('WARN', `${bytes} bytes of output were left out: it prints too much, too fast.\n`),
    );
    const options = { strict: workload.mode === 'strict', budget, publish };
    // The levels of the real node.
    const outputs = [
      new ServiceOutput(process.stdout, { ...options, level: 'INFO' }),
      new ServiceOutput(process.stderr, { ...options, level: 'ERROR' }),
    ];
    const exit = await process.exited;
    for (const output of outputs) output.end();
    budget.close();
    await this.#connections.nodeConnection.flush();
    return exit;
  }
}

async function startProcess(workload: NativeWorkload, nats: NatsOptions): Promise<ServiceProcess> {
  const { file, argv, id, mode } = workload;
  const executable = await readExecutable(file);
  const interpreter = mode === 'strict' ? [] : (executable.interpreter ?? []);
  try {
    const command = await commandFor(file, argv, interpreter);
    return await ServiceProcess.start(command, serviceEnvironment(workload, nats), id);
  } catch (error) {
    throw new Error(describeStartError(executable, error), { cause: error });
  }
}

/** How long in ms a service has to live until it counts as started. */
const settleMs = 100;
const tailLength = 2000;
