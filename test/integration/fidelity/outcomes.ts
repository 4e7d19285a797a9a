import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import type { Outcome } from './row.ts';
import { silence } from './row.ts';

const failedSchema = z.object({
  data: z.object({ trigger_subject: z.string(), error: z.string() }),
});

interface Waiting {
  readonly trigger: string;
  readonly fail: () => void;
}

/** Sends messages and says how each ended: by a reply, or by the event of a failure that nobody was told of. */
export class Outcomes {
  readonly #connection: NatsConnection;
  /** In the order they were sent: that is how those of one trigger subject end. */
  readonly #waiting = new Set<Waiting>();

  constructor(connection: NatsConnection) {
    this.#connection = connection;
    connection.subscribe('$NEX.events.*.function_exec_failed', {
      callback: (_, message) => {
        const { data } = failedSchema.parse(message.json());
        const first = [...this.#waiting].find(({ trigger }) => trigger === data.trigger_subject);
        if (data.error === 'nats: timeout') first?.fail();
      },
    });
  }

  /** `trigger` is the subject as it was registered. */
  async of(
    subject: string,
    message: string | Uint8Array = '',
    trigger = subject,
  ): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const waiting = { trigger, fail: () => resolve(silence) };
    this.#waiting.add(waiting);
    const reply = this.#connection.request(subject, message, { timeout: 60_000 }).then(outcomeOf);
    // Where it is silent, nobody waits for the request any more.
    reply.catch(() => undefined);
    try {
      return await Promise.race([reply, promise]);
    } finally {
      this.#waiting.delete(waiting);
    }
  }
}

function outcomeOf(reply: Msg): Outcome {
  const error = reply.headers?.get('Nats-Service-Error');
  return error === undefined || error === '' ? reply.string() : { error };
}
