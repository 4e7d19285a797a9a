import { setTimeout as pause } from 'node:timers/promises';
import type { NativeWorkload, ToAgent } from '../../protocol/agentPipe.ts';
import type { NatsOptions } from '../../protocol/natsOptions.ts';
import type { DebuggerAddress } from '../../protocol/serviceDebugger.ts';
import type { NodePipe } from '../nodePipe.ts';
import type { Connections, WorkloadHost } from '../workloadHost.ts';
import { WorkloadPublisher } from '../workloadPublisher.ts';
import { untilListening } from './listeningPort.ts';
import { ServiceLog } from './serviceLog.ts';
import type { ServiceExit, ServiceProcess } from './serviceProcess.ts';
import { startService } from './startService.ts';

/** A native service: its processes, and their output as logs. It subscribes by itself. */
export class ServiceHost implements WorkloadHost {
  readonly debugger: DebuggerAddress | undefined;
  readonly #process: ServiceProcess;
  readonly #log: ServiceLog;
  readonly #pipe: NodePipe;
  /** Of its process, when all that it printed is published. */
  readonly #exited: Promise<ServiceExit>;

  private constructor(
    process: ServiceProcess,
    address: DebuggerAddress | undefined,
    log: ServiceLog,
    { nodeConnection }: Connections,
    pipe: NodePipe,
  ) {
    this.debugger = address;
    this.#process = process;
    this.#log = log;
    this.#pipe = pipe;
    this.#exited = process.exited.then(async (exit) => {
      log.end();
      await nodeConnection.flush();
      return exit;
    });
  }

  /** Rejects where it cannot be started, and where it fails at once. */
  static async start(
    workload: NativeWorkload,
    nats: NatsOptions,
    connections: Connections,
    pipe: NodePipe,
  ): Promise<ServiceHost> {
    const { process, debugger: address } = await startService(workload, nats);
    pipe.send({ type: 'started', pid: process.pid });
    pipe.onNodeGone(() => process.kill());
    const publisher = new WorkloadPublisher(connections.nodeConnection, workload);
    const log = new ServiceLog(process, publisher, workload.mode === 'strict');
    const host = new ServiceHost(process, address, log, connections, pipe);
    await host.#settle();
    return host;
  }

  subscribe(): Promise<void> {
    void this.#exited.then(({ code, signal }) => this.#pipe.send({ type: 'exited', code, signal }));
    return Promise.resolve();
  }

  /** Two instances of a service may run at once, as anywhere in NATS: there is nothing to hand over. */
  record(): Promise<void> {
    return Promise.resolve();
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }

  release(): void {
    return;
  }

  replay({ request }: Extract<ToAgent, { type: 'replay' }>): Promise<void> {
    const message = 'A service takes no messages from its agent: there is nothing to replay into.';
    this.#pipe.send({ type: 'replayed', request, result: { kind: 'unavailable', message } });
    return Promise.resolve();
  }

  /** A debugger is not asked: it would ask its client. */
  async stop(graceMs: number): Promise<void> {
    await this.#process.stop(this.debugger === undefined ? graceMs : 0);
    await this.#exited;
  }

  async #settle(): Promise<void> {
    const exit = await Promise.race([this.#exited, this.#untilStarted()]);
    if (exit === undefined || exit.code === 0) return;
    const how = exit.signal === undefined ? `exit code ${exit.code}` : `signal ${exit.signal}`;
    const printed = this.#log.tail === '' ? ', without a word' : `: ${this.#log.tail}`;
    const what = this.debugger === undefined ? 'service' : `debugger ${this.debugger.kind}`;
    throw new Error(`the ${what} ended at once (${how})${printed}`);
  }

  async #untilStarted(): Promise<void> {
    if (this.debugger === undefined) return pause(settleMs);
    const { kind, port } = this.debugger;
    const signal = AbortSignal.timeout(debuggerMs);
    await untilListening(port, signal);
    if (signal.aborted) {
      throw new Error(`the debugger ${kind} does not listen on port ${port}: ${this.#log.tail}`);
    }
  }
}

/** How long in ms a service has to live until it counts as started. */
const settleMs = 100;
/** How long in ms a debugger may take until it listens. */
const debuggerMs = 12_000;
