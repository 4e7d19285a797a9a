import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { FunctionWorkload } from '../protocol/agentPipe.ts';
import { markers, nothingReceived, type Received } from '../protocol/handOver.ts';
import { HeldJobs } from './heldJobs.ts';
import type { TriggerJob } from './invocation.ts';
import { ReceivedJobs } from './receivedJobs.ts';

/** Subscriptions, and whose messages they bring. */
interface Subscribed {
  readonly subscriptions: Subscription[];
  taker: Triggers;
}

/** A function's subscriptions, and its part in handing over to another version (`protocol/handOver.ts`). */
export class Triggers {
  readonly #connection: NatsConnection;
  readonly #subjects: readonly string[];
  readonly #observes: boolean;
  readonly #enqueue: (job: TriggerJob) => void;
  #subscribed: Subscribed = { subscriptions: [], taker: this };
  #held: HeldJobs | undefined;
  #received: ReceivedJobs | undefined;
  #markers: Subscription | undefined;
  #forgotten: Promise<void> = Promise.resolve();
  #drained: Promise<unknown> | undefined;

  constructor(
    connection: NatsConnection,
    { triggerSubjects, copy }: Pick<FunctionWorkload, 'triggerSubjects' | 'copy'>,
    enqueue: (job: TriggerJob) => void,
  ) {
    this.#connection = connection;
    this.#subjects = triggerSubjects;
    this.#observes = copy !== undefined;
    this.#enqueue = enqueue;
  }

  /**
   * Takes over the subscriptions of another version: from the moment this resolves, what comes is this one's. False where
   * that one has none any more.
   */
  async takeOver(from: Triggers): Promise<boolean> {
    // What it got twice, for a moment, it has to tell apart itself.
    await from.#forgotten;
    if (from.#drained !== undefined) return false;
    const taken = from.#subscribed;
    from.#subscribed = { subscriptions: [], taker: from };
    this.#subscribed = taken;
    taken.taker = this;
    return true;
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

  /** Forgets of what is held what another version has got, and holds nothing any more. */
  forget(received: Received): Promise<void> {
    this.#forgotten = this.#forget(received);
    return this.#forgotten;
  }

  async #forget(received: Received): Promise<void> {
    // Behind this the server has sent us all that it sent the other version before that one unsubscribed. A connection that
    // breaks now has brought what it was going to.
    await this.#connection.flush().catch(() => undefined);
    this.#held?.forget(received);
    for (const job of this.takeHeld()) this.#enqueue(job);
  }

  /** Resolves when what is to be forgotten is. */
  get forgotten(): Promise<void> {
    return this.#forgotten;
  }

  /** What is held goes to the caller; from now on nothing is. */
  takeHeld(): TriggerJob[] {
    const jobs = this.#held?.all ?? [];
    this.#held = undefined;
    return jobs;
  }

  /** Takes no more. Drained, since what the server had sent before it heard of it is still ours to answer. */
  async drain(): Promise<Received> {
    const { subscriptions } = this.#subscribed;
    this.#drained ??= Promise.all(subscriptions.map((subscription) => subscription.drain()));
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
    const subscribed = this.#subscribed;
    this.#subjects.forEach((trigger, index) => {
      const occurrence = this.#subjects.slice(0, index).filter((one) => one === trigger).length;
      const callback = (error: Error | null, message: Msg) => {
        if (error === null) {
          const job = triggerJob(trigger, occurrence, message);
          subscribed.taker.#take(this.#observes ? withoutReply(job) : job);
        } else refusals.push(error);
      };
      subscribed.subscriptions.push(this.#connection.subscribe(trigger, { callback }));
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

/** Who knows no reply subject can answer nobody: not this agent, nor its node when the agent dies. */
const withoutReply = ({ origin: { reply, ...origin }, ...message }: TriggerJob): TriggerJob => ({
  ...message,
  origin: { ...origin, reply: undefined, ...(reply === undefined ? {} : { withheld: true }) },
});
