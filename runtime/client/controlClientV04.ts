import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { z } from 'zod';
import {
  controlSubjectsV04,
  nodeInfoV04Schema,
  nodePingV04Schema,
  serviceErrorV04,
  workloadsV04Schema,
  type NexletV04,
  type NodeInfoV04,
  type NodePingV04,
  type WorkloadV04,
} from '../protocol/controlApiV04.ts';
import { isPermissionViolation } from '../protocol/natsFailures.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { collectReplies } from './collectReplies.ts';
import { isNoResponders } from './natsErrors.ts';

/** Looks at nodes of Nex 0.4.x; it changes nothing there. To a user who may not ask there are none. */
export class ControlClientV04 {
  readonly #connection: NatsConnection;
  readonly #onStrange: (text: string) => void;

  /** @param onStrange told of answers to a question to all nodes that are none of a node */
  constructor(connection: NatsConnection, onStrange: (text: string) => void = () => undefined) {
    this.#connection = connection;
    this.#onStrange = onStrange;
  }

  /** Every node that answers within `waitMs`. */
  pingAll(waitMs = 750): Promise<NodePingV04[]> {
    const options = { strategy: 'timer', maxWait: waitMs } as const;
    return this.#collect(controlSubjectsV04.pingAll, { filter: {} }, nodePingV04Schema, options);
  }

  /** Undefined where there is no such node. */
  async info(nodeId: string): Promise<NodeInfoV04 | undefined> {
    try {
      const reply = await this.#connection.request(controlSubjectsV04.info(nodeId), '', {
        timeout: 5000,
      });
      return parseReply(reply, nodeInfoV04Schema);
    } catch (error) {
      if (isNoResponders(error) || isPermissionViolation(error)) return undefined;
      throw error;
    }
  }

  /** What runs in a namespace on a node, as its nexlets say. */
  async workloads(namespace: string, node: NodeInfoV04): Promise<WorkloadV04[]> {
    const nexlets = livingNexlets(node).length;
    if (nexlets === 0) return [];
    const lists = await this.#collect(
      controlSubjectsV04.workloads(node.node_id),
      { namespace, filter: [] },
      workloadsV04Schema,
      { strategy: 'count', maxMessages: nexlets, maxWait: 2000 },
    );
    return lists.flatMap((list) => list ?? []);
  }

  async #collect<Data>(
    subject: string,
    request: unknown,
    schema: z.ZodType<Data>,
    options: Parameters<NatsConnection['requestMany']>[2],
  ): Promise<Data[]> {
    const found: Data[] = [];
    try {
      const body = JSON.stringify(request);
      const replies = collectReplies(this.#connection, subject, body, {
        parse: (reply) => parseReply(reply, schema),
        until: options ?? {},
        onStrange: this.#onStrange,
      });
      for await (const data of replies) found.push(data);
    } catch (error) {
      if (!isNoResponders(error) && !isPermissionViolation(error)) throw error;
    }
    return found;
  }
}

/** A node lists those that have ended for as long as it runs. */
export const livingNexlets = ({ node_agent_summaries: nexlets }: NodeInfoV04): NexletV04[] =>
  (nexlets ?? []).filter(({ agent_health: health }) => health !== 'offline');

function parseReply<Data>(reply: Msg, schema: z.ZodType<Data>): Data {
  const refused = reply.headers?.get(serviceErrorV04.text) ?? '';
  if (refused !== '') {
    throw new NexError('node-refused', `A Nex 0.4 node refused it: ${refused}`, {
      remedy: 'The log of that node may say more.',
    });
  }
  try {
    return schema.parse(reply.json());
  } catch (cause) {
    const text = `The answer of a Nex 0.4 node has an unknown shape: ${errorText(cause)}`;
    throw new NexError('unexpected-reply', text, {
      remedy: 'It may be newer than 0.4: look at it with its own nex program.',
      cause,
    });
  }
}
