import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { cloudEventSchema, eventSubject } from '../../protocol/events.ts';
import { errorText } from '../../protocol/nexError.ts';
import type { Original } from './findOriginal.ts';

const workloadEventSchema = cloudEventSchema.extend({
  data: z.object({ workload_id: z.string(), workload_name: z.string() }),
});

/** Tells when the original ends or another version is deployed, until what is returned is called. */
export function watchOriginal(
  connection: NatsConnection,
  { id, name, namespace }: Original,
  tell: (text: string) => void,
): () => void {
  const texts = {
    workload_undeployed: (endedId: string) =>
      endedId === id ? `${name} has ended on its node; its copy goes on.` : undefined,
    workload_deployed: (deployedId: string) =>
      deployedId === id
        ? `${name} runs again on its node.`
        : `${name} was deployed anew: restart this session to debug that version.`,
  };
  const subscriptions = Object.entries(texts).map(([type, textOf]) =>
    connection.subscribe(eventSubject(namespace, type), {
      callback: (error, message) => {
        if (error !== null) {
          tell(`It will not be said when ${name} is deployed anew: ${errorText(error)}.`);
          return;
        }
        const { data: event } = workloadEventSchema.safeParse(readJson(message.string()));
        if (event?.data.workload_name !== name) return;
        const text = textOf(event.data.workload_id);
        if (text !== undefined) tell(text);
      },
    }),
  );
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}

/** Undefined for what is no JSON: anybody may publish where events are. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
