import type { Msg, NatsConnection, RequestManyOptions } from '@nats-io/transport-node';
import { errorText } from '../protocol/nexError.ts';

interface Collecting<Data> {
  /** Throws where a reply is none that a node sends. */
  readonly parse: (reply: Msg) => Data;
  readonly until: Partial<RequestManyOptions>;
  /** Told once of replies that were left out. */
  readonly onStrange: (text: string) => void;
}

/**
 * The replies to a question that anybody on the NATS may answer: what no node would say is left out, so that nobody can
 * keep the others from being heard.
 */
export async function* collectReplies<Data>(
  connection: NatsConnection,
  subject: string,
  body: string,
  { parse, until, onStrange }: Collecting<Data>,
): AsyncGenerator<Data> {
  let strange = false;
  for await (const reply of await connection.requestMany(subject, body, until)) {
    const read = tryParse(parse, reply);
    if ('data' in read) yield read.data;
    else if (!strange) {
      strange = true;
      onStrange(
        `Somebody answers on ${subject} who is no Nex node, and is left out: ${read.fault}`,
      );
    }
  }
}

function tryParse<Data>(
  parse: (reply: Msg) => Data,
  reply: Msg,
): { data: Data } | { fault: string } {
  try {
    return { data: parse(reply) };
  } catch (error) {
    const text = errorText(error).replaceAll(/\s+/g, ' ');
    return { fault: text.length <= longestFault ? text : `${text.slice(0, longestFault)}…` };
  }
}

const longestFault = 300;
