import { jetstreamManager } from '@nats-io/jetstream';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { FunctionWorkload, ToAgent } from '../protocol/agentPipe.ts';
import { errorText } from '../protocol/nexError.ts';
import { FunctionRunner } from './functionRunner.ts';
import type { NodePipe } from './nodePipe.ts';
import type { Connections, WorkloadHost } from './workloadHost.ts';
import { WorkloadPublisher } from './workloadPublisher.ts';

/** A function: its subscriptions, and what runs it. */
export class FunctionHost implements WorkloadHost {
  readonly inspectorUrl: string;
  readonly #workload: FunctionWorkload;
  readonly #connections: Connections;
  readonly #runner: FunctionRunner;
  readonly #pipe: NodePipe;
  readonly #subscriptions: Subscription[] = [];

  private constructor(
    workload: FunctionWorkload,
    connections: Connections,
    pipe: NodePipe,
    runner: FunctionRunner,
    inspectorUrl: string,
  ) {
    this.#workload = workload;
    this.#connections = connections;
    this.#pipe = pipe;
    this.#runner = runner;
    this.inspectorUrl = inspectorUrl;
  }

  /** Compiles the function and opens its inspector; throws its SyntaxError. */
  static async start(
    workload: FunctionWorkload,
    connections: Connections,
    pipe: NodePipe,
  ): Promise<FunctionHost> {
    const publisher = new WorkloadPublisher(connections.nodeConnection, workload);
    const runner = new FunctionRunner(workload, connections.connection, publisher, pipe);
    return new FunctionHost(workload, connections, pipe, runner, await runner.start());
  }

  /**
   * One queue group per workload and trigger subject: while a new version takes over from the old one both subscribe,
   * and each message goes to exactly one of them. Two overlapping triggers still both run, as on Nex.
   */
  async subscribe(): Promise<void> {
    const { lineage, triggerSubjects } = this.#workload;
    const { connection } = this.#connections;
    let refusal: Error | undefined;
    triggerSubjects.forEach((trigger, index) => {
      const occurrence = triggerSubjects.slice(0, index).filter((one) => one === trigger).length;
      const queue = `nexdev|${lineage}|${trigger}|${occurrence}`;
      const callback = (error: Error | null, message: Msg) => {
        if (error !== null) {
          refusal = error;
          return;
        }
        this.#runner.enqueue({
          subject: message.subject,
          // The client's data is a view of its receive buffer; ours must outlive this turn.
          payload: Uint8Array.prototype.slice.call(message.data),
          origin: {
            kind: 'trigger',
            trigger,
            reply: message.reply === '' ? undefined : message.reply,
          },
        });
      };
      this.#subscriptions.push(connection.subscribe(trigger, { queue, callback }));
    });
    // The server refuses before it answers this: a subject that is not allowed, or is too long for it.
    await connection.flush();
    if (refusal !== undefined) throw refusal;
  }

  /** Reads the stored message as it is; nothing is consumed or acknowledged, and no reply is published. */
  async replay({ request, stream, seq }: Extract<ToAgent, { type: 'replay' }>): Promise<void> {
    try {
      const manager = await jetstreamManager(this.#connections.nodeConnection);
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
      const message = `Message ${seq} of stream ${stream} cannot be read: ${errorText(error)}.`;
      this.#pipe.send({ type: 'replayed', request, result: { kind: 'unavailable', message } });
    }
  }

  async stop(graceMs: number): Promise<void> {
    const grace = Promise.withResolvers<void>();
    setTimeout(grace.resolve, graceMs);
    await Promise.race([this.#finish(), grace.promise]);
    this.#runner.refuseWaiting('the workload was stopped');
    await this.#connections.connection.flush();
  }

  /**
   * Drained, since what the server had sent before it heard of the unsubscription is still ours to answer; flushed, since
   * an answer that has not left is none.
   */
  async #finish(): Promise<void> {
    const { connection, nodeConnection } = this.#connections;
    await Promise.all(this.#subscriptions.map((subscription) => subscription.drain()));
    this.#pipe.send({ type: 'unsubscribed' });
    await this.#runner.idle;
    await Promise.all([connection.flush(), nodeConnection.flush()]);
  }
}
