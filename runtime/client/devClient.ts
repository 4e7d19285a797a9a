import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { z } from 'zod';
import { controlSubjects } from '../protocol/controlApi.ts';
import {
  devErrorSchema,
  devSubject,
  healthReplySchema,
  inspectorReplySchema,
  leaseReplySchema,
  replayReplySchema,
  workloadsReplySchema,
  type DevOperation,
  type HealthReply,
  type InspectorReply,
  type ReplayReply,
  type WorkloadDetail,
} from '../protocol/devApi.ts';
import { explainNats } from '../protocol/natsFailures.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { errorCodeHeader, errorHeader } from '../protocol/serviceErrors.ts';
import type { SigningKey } from '../protocol/signingKey.ts';
import { isNoResponders, isTimeout } from './natsErrors.ts';
import { signRequest } from './signRequest.ts';

/** A workload by its id, or by its name within a namespace (`default` where none is given). */
export interface WorkloadReference {
  workload: string;
  namespace?: string | undefined;
}

const requestMs = 5000;
/** A replay may stand in a debugger for as long as somebody looks at it. */
const replayMs = 7 * 24 * 3_600_000;
const nodeCheckMs = 3000;

/**
 * Client of the dev API of one node. What the node refuses is a NexError with the node's code; a node without a dev API
 * (a real Nex node, or one that is gone) is `no-dev-api`.
 */
export class DevClient {
  readonly #connection: NatsConnection;
  readonly #issuer: SigningKey;
  readonly #nodeId: string;

  constructor(connection: NatsConnection, issuer: SigningKey, nodeId: string) {
    this.#connection = connection;
    this.#issuer = issuer;
    this.#nodeId = nodeId;
  }

  inspector(reference: WorkloadReference): Promise<InspectorReply> {
    return this.#ask('INSPECTOR', reference, inspectorReplySchema);
  }

  health(): Promise<HealthReply> {
    return this.#ask('HEALTH', {}, healthReplySchema);
  }

  async workloads(): Promise<WorkloadDetail[]> {
    return (await this.#ask('WORKLOADS', {}, workloadsReplySchema)).workloads;
  }

  /** Renews (or, with `release`, ends) the hold of `holder` on the node. */
  async lease(holder: string, release = false): Promise<void> {
    await this.#ask('LEASE', { holder, release }, leaseReplySchema);
  }

  /** Runs one stored message through a workload; answers when the invocation has ended, however long it takes. */
  async replay(
    request: WorkloadReference & { stream: string; seq: number },
    signal?: AbortSignal,
  ): Promise<ReplayReply> {
    const watch = new AbortController();
    try {
      return await Promise.race([
        this.#ask('REPLAY', request, replayReplySchema, replayMs),
        this.#nodeGone(watch.signal),
        rejectOnAbort(signal, watch.signal),
      ]);
    } finally {
      watch.abort();
    }
  }

  async #ask<Reply>(
    operation: DevOperation,
    body: object,
    schema: z.ZodType<Reply>,
    timeout = requestMs,
  ): Promise<Reply> {
    const subject = devSubject(this.#nodeId, operation);
    const payload = JSON.stringify(body);
    const signed = signRequest(this.#issuer, subject, payload);
    try {
      const reply = await this.#connection.request(subject, payload, { timeout, headers: signed });
      return parseReply(reply, schema);
    } catch (error) {
      throw this.#describe(error, timeout);
    }
  }

  /** Rejects when the node is no longer there; never resolves. */
  #nodeGone(done: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      const timer = setInterval(() => {
        this.#connection
          .request(controlSubjects.ping(this.#nodeId), '', { timeout: nodeCheckMs })
          .catch((error: unknown) => {
            if (isNoResponders(error)) reject(this.#gone(error));
          });
      }, nodeCheckMs);
      done.addEventListener('abort', () => clearInterval(timer));
    });
  }

  #describe(error: unknown, timeout: number): unknown {
    if (isNoResponders(error)) return this.#gone(error);
    if (!isTimeout(error)) return explainNats(error);
    return new NexError(
      'node-timeout',
      `Node ${this.#nodeId} did not answer within ${timeout} ms.`,
      { remedy: 'See what it does with `nexdev logs`, or start it again.', cause: error },
    );
  }

  #gone(cause: unknown): NexError {
    return new NexError('no-dev-api', `No Nex Devrun node ${this.#nodeId} answers.`, {
      remedy: 'It has ended, or is a Nex node without a dev API. List nodes with `nexdev node ls`.',
      cause,
    });
  }
}

function parseReply<Reply>(reply: Msg, schema: z.ZodType<Reply>): Reply {
  const failure = reply.headers?.get(errorHeader);
  if (failure !== undefined && failure !== '') throw describeRefusal(reply, failure);
  try {
    return schema.parse(reply.json());
  } catch (cause) {
    const why = errorText(cause).replaceAll(/\s+/g, ' ').slice(0, 300);
    throw new NexError('unexpected-reply', `The node's answer has an unknown shape: ${why}`, {
      remedy: 'It may be of another version than this program.',
      cause,
    });
  }
}

function describeRefusal(reply: Msg, text: string): NexError {
  try {
    const { code, message, remedy } = devErrorSchema.parse(reply.json());
    return new NexError(code, message, remedy === undefined ? {} : { remedy });
  } catch (cause) {
    const code = reply.headers?.get(errorCodeHeader) ?? '500';
    return new NexError(`dev-api-${code}`, text, { cause: errorText(cause) });
  }
}

function rejectOnAbort(signal: AbortSignal | undefined, done: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = () =>
      reject(new NexError('cancelled', 'Cancelled.', { cause: signal?.reason }));
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true, signal: done });
  });
}
