import { jetstreamManager } from '@nats-io/jetstream';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { AgentWorkload, ToAgent } from '../protocol/agentPipe.ts';
import { errorText } from '../protocol/nexError.ts';
import { connectAgent } from './connectAgent.ts';
import { FunctionRunner } from './functionRunner.ts';
import type { NodePipe } from './nodePipe.ts';
import { WorkloadPublisher } from './workloadPublisher.ts';

interface Loaded {
  readonly workload: AgentWorkload;
  readonly connection: NatsConnection;
  readonly nodeConnection: NatsConnection;
  readonly runner: FunctionRunner;
}

/** Does what the node says; see `protocol/agentPipe.ts` for the conversation. */
export class Agent {
  readonly #pipe: NodePipe;
  readonly #subscriptions: Subscription[] = [];
  #loaded: Loaded | undefined;

  constructor(pipe: NodePipe) {
    this.#pipe = pipe;
  }

  async handle(message: ToAgent): Promise<void> {
    switch (message.type) {
      case 'load':
        await this.#load(message);
        return;
      case 'subscribe':
        await this.#answerSubscribe();
        return;
      case 'replay':
        await this.#replay(message);
        return;
      case 'stop':
        await this.#stop(message.graceMs);
    }
  }

  async #load({ workload, nats, nodeNats }: Extract<ToAgent, { type: 'load' }>): Promise<void> {
    try {
      const connection = await connectAgent(nats, `nex-hostservices-${workload.name}`);
      const nodeConnection =
        nodeNats === undefined
          ? connection
          : await connectAgent(nodeNats, `nexdev-agent-${workload.name}`);
      const publisher = new WorkloadPublisher(nodeConnection, workload);
      if (workload.type === 'native') throw new Error('services are not supported by this agent');
      const runner = new FunctionRunner(workload, connection, publisher, this.#pipe);
      const inspectorUrl = await runner.start();
      this.#loaded = { workload, connection, nodeConnection, runner };
      this.#pipe.send({ type: 'loaded', inspectorUrl });
    } catch (error) {
      this.#pipe.send({ type: 'rejected', message: rejection(error) });
    }
  }

  async #answerSubscribe(): Promise<void> {
    try {
      await this.#subscribe();
      this.#pipe.send({ type: 'subscribed' });
    } catch (error) {
      const message = `Failed to subscribe to the trigger subjects: ${errorText(error)}`;
      this.#pipe.send({ type: 'rejected', message });
    }
  }

  /**
   * One queue group per workload and trigger subject: while a new version takes over from the old one both subscribe,
   * and each message goes to exactly one of them. Two overlapping triggers still both run, as on Nex.
   */
  async #subscribe(): Promise<void> {
    const { workload, connection, runner } = this.#required();
    const { lineage, triggerSubjects } = workload;
    let refusal: Error | undefined;
    triggerSubjects.forEach((trigger, index) => {
      const occurrence = triggerSubjects.slice(0, index).filter((one) => one === trigger).length;
      const queue = `nexdev|${lineage}|${trigger}|${occurrence}`;
      const callback = (error: Error | null, message: Msg) => {
        if (error !== null) {
          refusal = error;
          return;
        }
        runner.enqueue({
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
  async #replay({ request, stream, seq }: Extract<ToAgent, { type: 'replay' }>): Promise<void> {
    const { nodeConnection, runner } = this.#required();
    try {
      const manager = await jetstreamManager(nodeConnection);
      const stored = await manager.streams.getMessage(stream, { seq });
      if (stored === null) throw new Error('no message found');
      const headers: Record<string, string[]> = {};
      for (const [name, values] of stored.header) headers[name] = values;
      runner.enqueue({
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

  async #stop(graceMs: number): Promise<void> {
    const loaded = this.#loaded;
    if (loaded !== undefined) {
      const grace = Promise.withResolvers<void>();
      setTimeout(grace.resolve, graceMs);
      await Promise.race([this.#finish(loaded), grace.promise]);
      loaded.runner.refuseWaiting('the workload was stopped');
      await loaded.connection.flush();
    }
    // There is nothing left to tidy up, and an orderly exit can hang or crash in a wedged isolate.
    process.kill(process.pid, 'SIGKILL');
  }

  /**
   * Drained, since what the server had sent before it heard of the unsubscription is still ours to answer; flushed, since
   * an answer that has not left is none.
   */
  async #finish({ connection, nodeConnection, runner }: Loaded): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.drain()));
    this.#pipe.send({ type: 'unsubscribed' });
    await runner.idle;
    await Promise.all([connection.flush(), nodeConnection.flush()]);
  }

  #required(): Loaded {
    if (this.#loaded === undefined) throw new Error('the node spoke before it loaded a workload');
    return this.#loaded;
  }
}

/** Nex's words for a source that V8 refuses. */
function rejection(error: unknown): string {
  if (!(error instanceof SyntaxError)) return `Failed to validate workload: ${errorText(error)}`;
  // isolated-vm appends ` [file:line:column]`.
  const text = error.message.replace(/ \[[^[\]]*:\d+:\d+\]$/, '');
  return `Failed to validate workload: failed to compile source for execution: SyntaxError: ${text}`;
}
