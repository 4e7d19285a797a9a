import type { NatsConnection } from '@nats-io/transport-node';
import type { Exchange } from './recording.ts';

/** Answers what a real node of Nex answered, and keeps what our client asked. */
export class RecordedNode {
  readonly asked: { subject: string; request: unknown }[] = [];

  constructor(connection: NatsConnection, exchanges: readonly Exchange[]) {
    const answered = exchanges.filter(
      ({ subject, reply }) => subject.startsWith('$NEX.') && reply !== null,
    );
    // Of several answers to one subject the first: `toReversed` lets it come last.
    for (const [subject, reply] of new Map(
      answered.toReversed().map((exchange) => [exchange.subject, exchange.reply]),
    )) {
      connection.subscribe(subject, {
        callback: (_, message) => {
          const body = message.string();
          this.asked.push({ subject, request: body === '' ? '' : message.json() });
          message.respond(JSON.stringify(reply));
        },
      });
    }
  }

  /** The first request to a subject that begins with `$NEX.` and this. */
  request(verb: string): unknown {
    return this.asked.find(({ subject }) => subject.startsWith(`$NEX.${verb}`))?.request;
  }
}
