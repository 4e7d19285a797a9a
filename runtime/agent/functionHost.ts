import type { FunctionWorkload, ToAgent } from '../protocol/agentPipe.ts';
import type { Received } from '../protocol/handOver.ts';
import { jetStreamManager } from '../protocol/jetStream.ts';
import { explainNats } from '../protocol/natsFailures.ts';
import { errorText } from '../protocol/nexError.ts';
import { boundWaiting } from './boundWaiting.ts';
import { FunctionRunner } from './functionRunner.ts';
import type { TriggerJob } from './invocation.ts';
import { logRefusals } from './logRefusals.ts';
import type { NodePipe } from './nodePipe.ts';
import { Triggers } from './triggers.ts';
import type { Connections, WorkloadHost } from './workloadHost.ts';
import { WorkloadPublisher } from './workloadPublisher.ts';

interface HostParts {
  readonly connections: Connections;
  readonly pipe: NodePipe;
  readonly publisher: WorkloadPublisher;
  readonly runner: FunctionRunner;
  readonly triggers: Triggers;
  readonly inspectorUrl: string;
  readonly predecessor: FunctionHost | undefined;
}

/** A function: its subscriptions, and what runs it. */
export class FunctionHost implements WorkloadHost {
  readonly inspectorUrl: string;
  readonly #connections: Connections;
  readonly #runner: FunctionRunner;
  readonly #pipe: NodePipe;
  readonly #triggers: Triggers;
  readonly #publisher: WorkloadPublisher;
  readonly #disposed = new AbortController();
  #predecessor: FunctionHost | undefined;

  private constructor(parts: HostParts) {
    this.#predecessor = parts.predecessor;
    this.#connections = parts.connections;
    this.#pipe = parts.pipe;
    this.#publisher = parts.publisher;
    this.#runner = parts.runner;
    this.#triggers = parts.triggers;
    this.inspectorUrl = parts.inspectorUrl;
  }

  /** Compiles the function and opens its inspector; throws its SyntaxError. `predecessor`: the version that it replaces. */
  static async start(
    workload: FunctionWorkload,
    connections: Connections,
    pipe: NodePipe,
    predecessor: FunctionHost | undefined,
  ): Promise<FunctionHost> {
    const publisher = new WorkloadPublisher(connections.nodeConnection, workload);
    const runner = new FunctionRunner(workload, connections.connection, publisher, pipe);
    const enqueue = (job: TriggerJob) => runner.enqueue(job);
    const triggers = new Triggers(
      connections.connection,
      workload,
      workload.copy === undefined ? enqueue : boundWaiting(runner, publisher, enqueue),
    );
    try {
      const inspectorUrl = await runner.start();
      const own = { publisher, runner, triggers, inspectorUrl };
      return new FunctionHost({ connections, pipe, predecessor, ...own });
    } catch (error) {
      runner.dispose();
      throw error;
    }
  }

  /** What comes waits until `release`, where another version has still to finish. */
  async subscribe(marker: string | undefined): Promise<void> {
    await this.#subscribe(marker);
    void logRefusals(this.#connections.connection, this.#publisher, this.#disposed.signal);
  }

  async #subscribe(marker: string | undefined): Promise<void> {
    const predecessor = this.#predecessor;
    this.#predecessor = undefined;
    if (marker !== undefined || predecessor !== undefined) this.#runner.hold();
    if (predecessor !== undefined && (await this.#triggers.takeOver(predecessor.#triggers))) return;
    await this.#triggers.subscribe(marker);
  }

  record(marker: string | undefined): Promise<void> {
    return this.#triggers.record(marker);
  }

  forget(received: Received): Promise<void> {
    return this.#triggers.forget(received);
  }

  release(): void {
    this.#runner.release();
  }

  /** Reads the stored message as it is; nothing is consumed or acknowledged, and no reply is published. */
  async replay({ request, stream, seq }: Extract<ToAgent, { type: 'replay' }>): Promise<void> {
    try {
      const manager = await jetStreamManager(this.#connections.nodeConnection);
      const stored = await manager.streams.getMessage(stream, { seq });
      if (stored === null) throw new Error('no message found');
      const headers: Record<string, string[]> = {};
      for (const [name, values] of stored.header) headers[name] = values;
      this.#runner.enqueue({
        subject: stored.subject,
        payload: stored.data.slice(),
        origin: {
          kind: 'replay',
          request,
          stream,
          seq,
          headers,
          done: (result) => this.#pipe.send({ type: 'replayed', request, result }),
        },
      });
    } catch (error) {
      const message = `Message ${seq} of stream ${stream} cannot be read: ${errorText(explainNats(error))}`;
      this.#pipe.send({ type: 'replayed', request, result: { kind: 'unavailable', message } });
    }
  }

  /** A second call may shorten the first one's patience. */
  async stop(graceMs: number): Promise<void> {
    const received = await this.#triggers.drain();
    this.#pipe.send({ type: 'unsubscribed', received });
    const grace = Promise.withResolvers<void>();
    setTimeout(grace.resolve, graceMs);
    await Promise.race([this.#finish(), grace.promise]);
    this.#runner.refuseWaiting('the workload was stopped', this.#triggers.takeHeld());
    await this.#connections.connection.flush();
  }

  dispose(): void {
    this.#disposed.abort();
    this.#runner.dispose();
  }

  /** Flushed, since an answer that has not left is none. */
  async #finish(): Promise<void> {
    const { connection, nodeConnection } = this.#connections;
    await this.#triggers.forgotten;
    await this.#runner.idle;
    await Promise.all([connection.flush(), nodeConnection.flush()]);
  }
}
