import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import type { z } from 'zod';
import { encodeClaims } from '../protocol/claims.ts';
import {
  controlSubjects,
  envelopeSchema,
  infoResponseSchema,
  lameDuckResponseSchema,
  lameDuckTag,
  pingResponseSchema,
  runResponseSchema,
  stopResponseSchema,
  workloadPingResponseSchema,
  type AuctionRequest,
  type DeployRequest,
  type InfoResponse,
  type LameDuckResponse,
  type PingResponse,
  type RunResponse,
  type StopResponse,
  type WorkloadPingResponse,
} from '../protocol/controlApi.ts';
import { explainNats } from '../protocol/natsFailures.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import type { SigningKey } from '../protocol/signingKey.ts';
import { collectReplies } from './collectReplies.ts';
import { isNoResponders, isTimeout } from './natsErrors.ts';
import { nodeRefusal } from './nodeRefusal.ts';
import { signRequest } from './signRequest.ts';

export interface WorkloadAddress {
  nodeId: string;
  namespace: string;
  workloadId: string;
}

interface ControlClientOptions {
  timeoutMs?: number;
  /** Told of answers to a question to all nodes that are none of a node. */
  onStrange?: (text: string) => void;
}

interface AuctionOptions {
  preferred?: string[];
  waitMs?: number;
}

/** Deploys can wait 10 s for an agent of a real node and 5 s more for its answer. */
const deployMs = 20_000;

/**
 * Client of Nex's control API. What a node refuses is a NexError `node-refused`, whose cause has the node's exact text; a node that
 * is not there is `node-not-found`, one that does not answer in time `node-timeout`.
 */
export class ControlClient {
  readonly #connection: NatsConnection;
  readonly #timeoutMs: number;
  readonly #onStrange: (text: string) => void;

  constructor(
    connection: NatsConnection,
    { timeoutMs = 5000, onStrange = () => undefined }: ControlClientOptions = {},
  ) {
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
    this.#onStrange = onStrange;
  }

  ping(nodeId: string): Promise<PingResponse> {
    return this.#ask(nodeId, controlSubjects.ping(nodeId), '', pingResponseSchema);
  }

  /** Every node that answers within `waitMs`. */
  async pingAll(waitMs = 750): Promise<PingResponse[]> {
    const nodes: PingResponse[] = [];
    const answers = this.#collect(controlSubjects.pingAll, '', pingResponseSchema, waitMs);
    for await (const node of answers) nodes.push(node);
    return nodes;
  }

  /** The nodes that run something in a namespace, or there a workload of this id or name; each with just that. */
  async pingWorkloads(
    namespace: string,
    reference: string | undefined,
    waitMs = 750,
  ): Promise<WorkloadPingResponse[]> {
    const nodes: WorkloadPingResponse[] = [];
    const subject = [controlSubjects.pingWorkloads, namespace, reference ?? []].flat().join('.');
    const answers = this.#collect(subject, '', workloadPingResponseSchema, waitMs);
    for await (const node of answers) nodes.push(node);
    return nodes;
  }

  info(namespace: string, nodeId: string): Promise<InfoResponse> {
    return this.#ask(nodeId, controlSubjects.info(namespace, nodeId), '', infoResponseSchema);
  }

  /** As `bid`, but throws `no-node` where nobody bids. */
  async auction(request: AuctionRequest, options: AuctionOptions = {}): Promise<PingResponse> {
    const winner = await this.bid(request, options);
    if (winner !== undefined) return winner;
    const server = this.#connection.getServer();
    throw new NexError('no-node', `No Nex node at ${server} bids for this workload.`, {
      remedy: 'Start one with `nexdev up`, or look at what runs with `nexdev node ls`.',
    });
  }

  /**
   * The bid of a node that can take such a workload: the first of one of `preferred` wins at once, else a random one of
   * all within `waitMs`. Undefined where nobody bids.
   */
  async bid(
    request: AuctionRequest,
    { preferred = [], waitMs = 750 }: AuctionOptions = {},
  ): Promise<PingResponse | undefined> {
    const bids: PingResponse[] = [];
    const lameDucks: PingResponse[] = [];
    const body = JSON.stringify(request);
    for await (const bid of this.#collect(
      controlSubjects.auction,
      body,
      pingResponseSchema,
      waitMs,
    )) {
      if (bid.tags?.[lameDuckTag] === 'true') lameDucks.push(bid);
      else if (preferred.includes(bid.node_id)) return bid;
      else bids.push(bid);
    }
    // A lame duck bids like any other, and then refuses: its refusal is the reason where nobody else bids.
    const candidates = bids.length > 0 ? bids : lameDucks;
    return candidates[Math.floor(Math.random() * candidates.length)];
  }

  deploy(namespace: string, nodeId: string, request: DeployRequest): Promise<RunResponse> {
    const subject = controlSubjects.deploy(namespace, nodeId);
    return this.#ask(nodeId, subject, JSON.stringify(request), runResponseSchema, {
      timeout: deployMs,
    });
  }

  /** Stops a workload; `issuer` must be the key that deployed it. */
  stop(
    { nodeId, namespace, workloadId }: WorkloadAddress,
    issuer: SigningKey,
  ): Promise<StopResponse> {
    const request = {
      node_id: nodeId,
      workload_id: workloadId,
      workload_jwt: encodeClaims(issuer, { subject: workloadId, issuedAt: stopSecond() }),
    };
    const subject = controlSubjects.stop(namespace, nodeId);
    return this.#ask(nodeId, subject, JSON.stringify(request), stopResponseSchema, {
      timeout: deployMs,
    });
  }

  /**
   * Makes a node take no new workloads; there is no way back. A Nex Devrun node ends then with the last that runs, if
   * `issuer` is its own user's, or the NATS server was started for it.
   */
  lameDuck(nodeId: string, issuer: SigningKey): Promise<LameDuckResponse> {
    const subject = controlSubjects.lameDuck(nodeId);
    const headers = signRequest(issuer, subject, '');
    return this.#ask(nodeId, subject, '', lameDuckResponseSchema, { headers });
  }

  async #ask<Data>(
    nodeId: string,
    subject: string,
    body: string,
    schema: z.ZodType<Data>,
    { timeout = this.#timeoutMs, headers }: { timeout?: number; headers?: MsgHdrs } = {},
  ): Promise<Data> {
    try {
      const reply = await this.#connection.request(subject, body, {
        timeout,
        ...(headers === undefined ? {} : { headers }),
      });
      return parseEnvelope(reply.json(), schema);
    } catch (error) {
      throw this.#describe(error, nodeId, timeout);
    }
  }

  /** Of each node the first answer. */
  async *#collect<Data extends { node_id: string }>(
    subject: string,
    body: string,
    schema: z.ZodType<Data>,
    maxWait: number,
  ): AsyncGenerator<Data> {
    const heard = new Set<string>();
    const replies = collectReplies(this.#connection, subject, body, {
      parse: (reply) => parseEnvelope(reply.json(), schema),
      until: { strategy: 'timer', maxWait },
      onStrange: this.#onStrange,
    });
    try {
      for await (const data of replies) {
        if (!heard.has(data.node_id)) yield data;
        heard.add(data.node_id);
      }
    } catch (error) {
      if (!isNoResponders(error)) throw explainNats(error);
    }
  }

  #describe(error: unknown, nodeId: string, timeout: number): unknown {
    const server = this.#connection.getServer();
    if (isNoResponders(error)) {
      return new NexError('node-not-found', `There is no node ${nodeId} at ${server}.`, {
        remedy: 'List the nodes there are with `nexdev node ls`.',
        cause: error,
      });
    }
    if (isTimeout(error)) {
      return new NexError('node-timeout', `Node ${nodeId} did not answer within ${timeout} ms.`, {
        remedy: 'It may still carry out what was asked: look with `nexdev node info`.',
        cause: error,
      });
    }
    return explainNats(error);
  }
}

/** The second to date a deploy to: even, so that a stop (odd) is never refused for having been signed in the same one. */
export const deploySecond = () => evenSecond();
const stopSecond = () => evenSecond() - 1;
const evenSecond = () => Math.floor(Date.now() / 2000) * 2;

function parseEnvelope<Data>(body: unknown, schema: z.ZodType<Data>): Data {
  const { error, data } = envelopeSchema.parse(body);
  if (error !== undefined && error !== '') throw nodeRefusal(error);
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new NexError(
    'unexpected-reply',
    `The node's answer has an unknown shape: ${errorText(parsed.error)}`,
    { remedy: 'It may be a Nex of another generation than 0.3.', cause: parsed.error },
  );
}
