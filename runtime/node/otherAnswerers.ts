import type { NatsConnection } from '@nats-io/transport-node';
import { copyConnectionName, functionConnectionName } from '../protocol/connectionNames.ts';
import { overlap } from '../protocol/triggerSubject.ts';
import type { Workload } from '../workloads/workload.ts';
import type { WorkloadRegistry } from '../workloads/workloadRegistry.ts';
import { ListenerProbe, type Listener } from './listenerProbe.ts';
import { createServiceProbe, type AnsweringService, type ServiceProbe } from './serviceProbe.ts';

/** Who else answers a trigger subject: workloads of this node, NATS micro services, and whoever just subscribes. */
export class OtherAnswerers {
  readonly #registry: WorkloadRegistry;
  readonly #services: ServiceProbe;
  readonly #listeners: ListenerProbe;

  constructor(
    connection: NatsConnection,
    registry: WorkloadRegistry,
    inboxPrefix: string | undefined,
  ) {
    this.#registry = registry;
    this.#services = createServiceProbe(connection);
    this.#listeners = new ListenerProbe(connection, inboxPrefix);
  }

  /** Whether a publication that NATS refused may have been for this question. */
  hasAsked(subject: string): boolean {
    return this.#listeners.isProbed(subject);
  }

  /** A sentence for each; `except` is what these subjects are about to be taken from. */
  async describe(subjects: readonly string[], except: readonly Workload[]): Promise<string[]> {
    const services = this.#services();
    const texts = subjects.map(async (subject) => {
      const listeners = await this.#listeners.listeners(subject);
      return this.#describe(subject, except, await services, listeners);
    });
    return (await Promise.all(texts)).flat();
  }

  #describe(
    subject: string,
    except: readonly Workload[],
    services: readonly AnsweringService[],
    listeners: readonly Listener[],
  ): string[] {
    const own = this.#registry.answering(subject);
    const answering = services.filter((service) => overlap(service.subject, subject));
    const isTold = ({ subscription }: Listener) =>
      answering.some((service) => service.subject === subscription);
    return [
      ...own
        .filter((other) => !except.includes(other))
        .map(
          ({ definition: other }) =>
            `Subject ${subject} is also answered by workload ${other.name} (${other.id}).`,
        ),
      ...answering.map(
        ({ name }) => `Subject ${subject} is also answered by NATS service ${name}.`,
      ),
      ...strangers(listeners, own)
        .filter((listener) => !isTold(listener))
        .map((listener) => describeListener(subject, listener)),
    ];
  }
}

/** Without those that this node's workloads account for, copies, and who watches all that there is. */
function strangers(listeners: readonly Listener[], own: readonly Workload[]): Listener[] {
  const ours = own.map(({ definition }) => functionConnectionName(definition.name));
  return listeners.filter(({ name, subscription }) => {
    const index = ours.indexOf(name);
    if (index >= 0) ours.splice(index, 1);
    return index < 0 && subscription !== '>' && !name.startsWith(copyConnectionName(''));
  });
}

function describeListener(subject: string, { name, subscription }: Listener): string {
  const who = name === '' ? 'a NATS client without a name' : `NATS client ${name}`;
  const where = subscription === subject ? '' : ` (subscribed to ${subscription})`;
  return `Subject ${subject} is also heard by ${who}${where}: if it answers, callers get whichever answer is first.`;
}
