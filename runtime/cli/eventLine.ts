import { cloudEventSchema, type CloudEvent } from '../protocol/events.ts';
import { styled } from './output.ts';

/** An event with the namespace that its subject says; those of nodes are in `system`. */
export interface PublishedEvent {
  namespace: string;
  event: CloudEvent;
}

/** Undefined for what is no event, whoever published it there. */
export function parseEventMessage(subject: string, body: string): PublishedEvent | undefined {
  const [, , namespace = ''] = subject.split('.');
  try {
    return { namespace, event: cloudEventSchema.parse(JSON.parse(body)) };
  } catch {
    return undefined;
  }
}

/** `workload_deployed  echojs  code=0 workload_id=… total_bytes=120  (default, node N…)` */
export function formatEvent({ namespace, event }: PublishedEvent): string {
  const { workload_name: name, tags, ...data } = event.data;
  const shown = Object.entries({ ...data, ...(isRecord(tags) ? tags : {}) });
  const details = shown.map(([key, value]) => `${key}=${formatValue(value)}`).join(' ');
  const words = [
    styled('cyan', formatValue(event.type)),
    typeof name === 'string' ? formatValue(name) : '',
    details,
  ];
  const place = styled('dim', `(${namespace}, node ${formatValue(nodeOf(event))})`);
  return [...words.filter((word) => word !== ''), place].join('  ');
}

/** Events that a node relays from an agent have the workload's id after its own. */
export const nodeOf = ({ source }: CloudEvent) => source.split('-')[0] ?? source;

/** A text of its data, such as `workload_id`. */
export function textOf({ data }: CloudEvent, key: string): string | undefined {
  const value = data[key];
  return typeof value === 'string' ? value : undefined;
}

/** Anybody may publish an event: none may move the cursor or colour what follows. */
const formatValue = (value: unknown) =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\p{Cc}/gu, ' ');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
