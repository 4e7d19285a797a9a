import { setTimeout as pause } from 'node:timers/promises';
import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import semver from 'semver';
import { z } from 'zod';

/** A subscription that a message would reach. */
export interface Listener {
  /** Of its connection; empty where that has none. */
  readonly name: string;
  /** Subject that it subscribes to. */
  readonly subscription: string;
}

/** How long in ms a deploy waits for the servers to tell; one answers within a few. */
const probeMs = 100;
/** Servers before it would deliver what is only to be traced. */
const firstTracing = '2.11.0';
const mostRemembered = 10_000;

/** `Nats-Trace-Dest` (nats-server, `msgtrace.go`): egress to a client has kind 0. */
const traceSchema = z.object({
  events: z.array(
    z.looseObject({
      type: z.string(),
      kind: z.number().optional(),
      name: z.string().optional(),
      sub: z.string().optional(),
    }),
  ),
});

/**
 * Who would get a message: asked of NATS, which tells of one that it delivers to nobody. Of several in a queue group it
 * tells one.
 */
export class ListenerProbe {
  readonly #connection: NatsConnection;
  readonly #inboxPrefix: string | undefined;
  readonly #probed = new Set<string>();

  constructor(connection: NatsConnection, inboxPrefix: string | undefined) {
    this.#connection = connection;
    this.#inboxPrefix = inboxPrefix;
  }

  /** Whether a publication that NATS refused may have been ours. */
  isProbed(subject: string): boolean {
    return this.#probed.has(subject);
  }

  /** Empty where the server cannot tell, or does not let us ask. `subject` may have wildcards: then a sample is asked for. */
  async listeners(subject: string): Promise<Listener[]> {
    const { version = '0.0.0' } = this.#connection.info ?? {};
    if (!semver.gte(semver.coerce(version) ?? '0.0.0', firstTracing)) return [];
    const sample = subject.replaceAll(/(?<=^|\.)[*>](?=\.|$)/g, 'nexdev-probe');
    if (this.#probed.size === mostRemembered) this.#probed.clear();
    this.#probed.add(sample);
    const found: Listener[] = [];
    const inbox = createInbox(this.#inboxPrefix);
    const traces = this.#connection.subscribe(inbox, {
      callback: (_, trace) => void found.push(...listenersIn(trace)),
    });
    this.#connection.publish(sample, '', { traceDestination: inbox, traceOnly: true });
    await pause(probeMs);
    traces.unsubscribe();
    return found;
  }
}

function listenersIn(trace: Msg): Listener[] {
  try {
    return traceSchema
      .parse(trace.json())
      .events.filter(({ type, kind }) => type === 'eg' && kind === 0)
      .map(({ name = '', sub = '' }) => ({ name, subscription: sub }));
  } catch {
    // Whoever guessed the inbox is no server.
    return [];
  }
}
