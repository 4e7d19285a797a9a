import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';

/** An event or a log line, as somebody heard it. */
export interface Publication {
  readonly subject: string;
  readonly data: unknown;
}

/** From the moment this resolves, all that nodes and workloads publish is in the list. */
export async function hearAll(connection: NatsConnection): Promise<Publication[]> {
  const heard: Publication[] = [];
  for (const subject of ['$NEX.events.>', '$NEX.logs.>']) {
    connection.subscribe(subject, {
      callback: (_, message) =>
        void heard.push({ subject: message.subject, data: message.json<unknown>() }),
    });
  }
  await connection.flush();
  return heard;
}

export const isEvent = ({ subject }: Publication) => subject.startsWith('$NEX.events.');
export const isLog = ({ subject }: Publication) => subject.startsWith('$NEX.logs.');
export const isEventOrLog = (each: Publication) => isEvent(each) || isLog(each);

const eventSchema = z.looseObject({ data: z.looseObject({ workload_id: z.string().optional() }) });
const logSchema = z.looseObject({ id: z.string() });

/** Id of the workload that it is about; undefined where a node speaks of itself. */
export function workloadOf({ data }: Publication): string | undefined {
  const event = eventSchema.safeParse(data);
  return event.success ? event.data.data.workload_id : logSchema.safeParse(data).data?.id;
}

/**
 * Subject and body, members in their order, with a word for each value that differs from run to run: but only where it
 * has the right shape, and the ids in it are all the same.
 */
export function comparable(publication: Publication): string {
  const workload = workloadOf(publication);
  const text = `${publication.subject} ${JSON.stringify(stable(publication.data, ''))}`;
  const anonymous = workload === undefined ? text : text.replaceAll(workload, 'WORKLOAD');
  return volatileTexts.reduce(
    (each, [pattern, word]) => each.replaceAll(pattern, word),
    anonymous.replaceAll(/N[A-Z2-7]{55}/g, 'NODE'),
  );
}

const volatileTexts: readonly [RegExp, string][] = [
  [/\(\d+ns\)/g, '(ELAPSEDns)'],
  // The address of a server that real agents have to themselves; ours is where the node is.
  [/ via nats:\/\/[\w.]+:\d+/g, ' via SERVER'],
  [/server=nats:\/\/127\.0\.0\.1:\d+/g, 'server=SERVER'],
];

/** Members that a line of ours has beside Nex's three. */
const onlyInOurLogs = ['workload', 'console', 'stderr', 'source', 'code', 'invocation'];
const onlyInOurTags = ['nex.devrun'];

const shapes: Readonly<Record<string, RegExp>> = {
  id: /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/,
  uptime: /^(\d+y)?(\d+d)?(\d+h)?(\d+m)?\d+s$/,
  version: /^(development|0\.3\.0-rc1)$/,
  elapsed_nanos: /^\d+$/,
  'nex.arch': /^(amd64|arm64)$/,
  'nex.cpucount': /^\d+$/,
  'nex.os': /^(linux|darwin|windows)$/,
  node_name: /./,
};

function stable(value: unknown, name: string): unknown {
  if (typeof value === 'object' && value !== null) {
    const onlyOurs = 'level' in value ? onlyInOurLogs : onlyInOurTags;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([member]) => !onlyOurs.includes(member))
        // Go sorts what is a map; of tags nobody minds the order.
        .sort(([one], [other]) => (name === 'tags' ? one.localeCompare(other) : 0))
        .map(([member, inner]) => [member, stable(inner, member)]),
    );
  }
  return shapes[name]?.test(String(value)) === true ? name.toUpperCase() : value;
}
