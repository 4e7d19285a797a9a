import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { markers, nothingReceived, type Received } from '../protocol/handOver.ts';
import { HeldJobs } from './heldJobs.ts';
import type { TriggerJob } from './invocation.ts';
import { ReceivedJobs } from './receivedJobs.ts';

/** A function's subscriptions, and its part in handing over to another version (`protocol/handOver.ts`). */
export class Triggers {
  readonly #connection: NatsConnection;
  readonly #subjects: readonly string[];
  readonly #enqueue: (job: TriggerJob) => void;
  readonly #subscriptions: Subscription[] = [];
  readonly #released = Promise.withResolvers<void>();
  #held: HeldJobs | undefined;
  #received: ReceivedJobs | undefined;
  #markers: Subscription | undefined;
  #forgotten: Promise<void> = Promise.resolve();
  #drained: Promise<unknown> | undefined;

  constructor(
    connection: NatsConnection,
    subjects: readonly string[],
    enqueue: (job: TriggerJob) => void,
  ) {
    this.#connection = connection;
    this.#subjects = subjects;
    this.#enqueue = enqueue;
  }

  /** Plain subscriptions as on Nex: two overlapping triggers both run. With `marker` what comes is held. */
  async subscribe(marker: string | undefined): Promise<void> {
    if (marker === undefined) {
      await this.#subscribe();
      return;
    }
    const held = new HeldJobs();
    this.#held = held;
    this.#onMarker(marker, (text) => held.sawMarker(text));
    this.#connection.publish(marker, markers[0]);
    const subscribed = this.#subscribe();
    this.#connection.publish(marker, markers[1]);
    await subscribed;
    this.#connection.publish(marker, markers[2]);
  }

  /** Notes what comes behind the first marker; without one, nothing any more. */
  async record(marker: string | undefined): Promise<void> {
    this.#markers?.unsubscribe();
    this.#received = undefined;
    if (marker === undefined) return;
    const received = new ReceivedJobs();
    this.#received = received;
    this.#markers = this.#onMarker(marker, (text) => received.sawMarker(text));
    await this.#connection.flush();
  }

  /** Forgets of what is held what another version has got. */
  forget(received: Received): Promise<void> {
    // Behind this the server has sent us all that it sent the other version before that one unsubscribed.
    this.#forgotten = this.#connection.flush().then(() => this.#held?.forget(received));
    return this.#forgotten;
  }

  /** Lets go of what is held. Idempotent. */
  async release(): Promise<void> {
    for (const job of await this.takeHeld()) this.#enqueue(job);
    this.#released.resolve();
  }

  /** What is held goes to the caller; from now on nothing is. */
  async takeHeld(): Promise<TriggerJob[]> {
    await this.#forgotten;
    const jobs = this.#held?.all ?? [];
    this.#held = undefined;
    return jobs;
  }

  /** Resolves once nothing is held. */
  get released(): Promise<void> {
    return this.#held === undefined ? Promise.resolve() : this.#released.promise;
  }

  /** Takes no more. Drained, since what the server had sent before it heard of it is still ours to answer. */
  async drain(): Promise<Received> {
    this.#drained ??= Promise.all(this.#subscriptions.map((subscription) => subscription.drain()));
    await this.#drained;
    return this.#received?.all ?? nothingReceived;
  }

  #take(job: TriggerJob): void {
    this.#received?.add(job);
    if (this.#held === undefined) this.#enqueue(job);
    else this.#held.add(job);
  }

  async #subscribe(): Promise<void> {
    const refusals: Error[] = [];
    this.#subjects.forEach((trigger, index) => {
      const occurrence = this.#subjects.slice(0, index).filter((one) => one === trigger).length;
      const callback = (error: Error | null, message: Msg) => {
        if (error === null) this.#take(triggerJob(trigger, occurrence, message));
        else refusals.push(error);
      };
      this.#subscriptions.push(this.#connection.subscribe(trigger, { callback }));
    });
    // The server refuses before it answers this: a subject that is not allowed, or is too long for it.
    await this.#connection.flush();
    const [refusal] = refusals;
    if (refusal !== undefined) throw refusal;
  }

  #onMarker(subject: string, callback: (marker: string) => void): Subscription {
    return this.#connection.subscribe(subject, {
      max: markers.length,
      callback: (error, message) => {
        if (error === null) callback(message.string());
      },
    });
  }
}

const triggerJob = (
  trigger: string,
  occurrence: number,
  { subject, data, reply }: Msg,
): TriggerJob => ({
  subject,
  // The client's data is a view of its receive buffer; ours must outlive this turn.
  payload: Uint8Array.prototype.slice.call(data),
  origin: { kind: 'trigger', trigger, occurrence, reply: reply === '' ? undefined : reply },
});
