import { z } from 'zod';

/** Subject of a Nex event; node events use the namespace `system`. Source: `internal/node/events.go`. */
export const eventSubject = (namespace: string, type: string) => `$NEX.events.${namespace}.${type}`;
/** Namespace of what nodes say of themselves. */
export const systemNamespace = 'system';
/** Every event of every namespace. */
export const allEvents = '$NEX.events.*.*';

export type EventType =
  | 'node_started'
  | 'node_entered_lameduck'
  | 'node_stopped'
  | 'heartbeat'
  | 'workload_deployed'
  | 'workload_undeployed'
  | 'function_exec_succeeded'
  | 'function_exec_failed';

/** CloudEvents 1.0 in structured JSON, as Nex publishes it. Members are sent in alphabetical order. */
export const cloudEventSchema = z.object({
  data: z.record(z.string(), z.unknown()),
  datacontenttype: z.literal('application/json'),
  id: z.string(),
  namespace: z.string().optional(),
  source: z.string(),
  specversion: z.literal('1.0'),
  time: z.string(),
  type: z.string(),
});
export type CloudEvent = z.infer<typeof cloudEventSchema>;

/** Makes an event of now. `namespace` is the extension attribute that events relayed from an agent carry. */
export function createCloudEvent(
  type: EventType,
  source: string,
  data: Record<string, unknown>,
  namespace?: string,
): CloudEvent {
  return {
    data,
    datacontenttype: 'application/json',
    id: crypto.randomUUID(),
    ...(namespace === undefined ? {} : { namespace }),
    source,
    specversion: '1.0',
    time: new Date().toISOString(),
    type,
  };
}

/** Period of the `heartbeat` event in ms (`internal/node/node.go`). */
export const heartbeatMs = 30_000;
