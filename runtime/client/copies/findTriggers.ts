import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { cloudEventSchema, eventSubject } from '../../protocol/events.ts';
import { NexError } from '../../protocol/nexError.ts';
import type { Original } from './findOriginal.ts';
import { readJson } from './watchOriginal.ts';

const invokedSchema = cloudEventSchema.extend({
  data: z.object({ workload_id: z.string(), trigger_subject: z.string() }),
});

/**
 * The trigger subjects of a workload: what its node says, else what its next events name, as registered. Throws
 * `no-trigger-subject`: a real node tells them to nobody.
 */
export async function findTriggers(
  connection: NatsConnection,
  original: Original,
): Promise<string[]> {
  const subjects = original.detail?.triggerSubjects ?? (await readEvents(connection, original));
  if (subjects.length > 0) return subjects;
  throw new NexError(
    'no-trigger-subject',
    `Its node does not say which subjects trigger ${original.name}, and no message came in ${listenMs} ms.`,
    { remedy: 'Give them as "subject" in the debug configuration.' },
  );
}

async function readEvents(
  connection: NatsConnection,
  { id, namespace }: Original,
): Promise<string[]> {
  const subjects = new Set<string>();
  const types = ['function_exec_succeeded', 'function_exec_failed'];
  const subscriptions = types.map((type) =>
    connection.subscribe(eventSubject(namespace, type), {
      callback: (error, message) => {
        // Who may not listen learns nothing, which is said below.
        const event = error === null ? readJson(message.string()) : undefined;
        const { data: invoked } = invokedSchema.safeParse(event);
        if (invoked?.data.workload_id === id) subjects.add(invoked.data.trigger_subject);
      },
    }),
  );
  // All of this time: it may have several.
  await new Promise((resolve) => setTimeout(resolve, listenMs));
  for (const subscription of subscriptions) subscription.unsubscribe();
  return [...subjects];
}

const listenMs = 1500;
