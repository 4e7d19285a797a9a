import { Svcm, type ServiceMsg } from '@nats-io/services';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import {
  devOperations,
  devService,
  devSubject,
  inspectorRequestSchema,
  leaseMs,
  leaseRequestSchema,
  replayRequestSchema,
  type DevOperation,
  type HealthReply,
  type InspectorReply,
  type ReplayReply,
} from '../protocol/devApi.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { errorHeaders } from '../protocol/errorReply.ts';
import { cutErrorText } from '../protocol/serviceErrors.ts';
import type { Workload } from '../workloads/workload.ts';
import type { WorkloadRegistry } from '../workloads/workloadRegistry.ts';
import type { Asker, Authorization } from './authorization.ts';
import type { Leases } from './leases.ts';

export interface DevApiContext {
  readonly nodeId: string;
  readonly registry: WorkloadRegistry;
  readonly leases: Leases;
  readonly authorization: Authorization;
  readonly health: () => HealthReply;
}

type Handler = (body: unknown, asker: Asker) => unknown;

/** What concerns the node, and not a workload, is a matter of its own user. */
const ofOwner: readonly DevOperation[] = ['LEASE', 'HEALTH'];

/** Serves `$NEXDEV.{node}.*` as a NATS micro service; `nats micro ls` shows it. */
export async function serveDevApi(
  connection: NatsConnection,
  context: DevApiContext,
): Promise<void> {
  const service = await new Svcm(connection).add({
    ...devService,
    description: `Dev API of Nex Devrun node ${context.nodeId}`,
  });
  const handlers = createHandlers(context);
  for (const operation of devOperations) {
    service.addEndpoint(operation.toLowerCase(), {
      subject: devSubject(context.nodeId, operation),
      handler: (error, message) => {
        const limit = connection.info?.max_payload ?? Infinity;
        if (error === null) {
          void answer(context.authorization, operation, handlers[operation], message, limit);
        }
      },
    });
  }
}

function createHandlers(context: DevApiContext): Record<DevOperation, Handler> {
  const { registry, leases } = context;
  return {
    INSPECTOR: (body, asker) => {
      const reference = inspectorRequestSchema.parse(body);
      return inspectorOf(find(registry, reference, asker));
    },
    REPLAY: async (body, asker) => {
      const { stream, seq, ...reference } = replayRequestSchema.parse(body);
      return replay(find(registry, reference, asker), stream, seq);
    },
    LEASE: (body) => {
      const { holder, release } = leaseRequestSchema.parse(body);
      if (release) leases.release(holder);
      else leases.renew(holder);
      return { expiresInMs: release ? 0 : leaseMs };
    },
    WORKLOADS: (_, asker) => ({
      workloads: registry.all.filter(isVisibleTo(asker)).map(({ detail }) => detail),
    }),
    HEALTH: () => context.health(),
  };
}

/** Every request gets one answer: the reply, or a NexError with the headers of micro services. */
async function answer(
  authorization: Authorization,
  operation: DevOperation,
  handler: Handler,
  message: ServiceMsg,
  limitBytes: number,
): Promise<void> {
  try {
    const asker = authorization.check(message);
    if (!asker.isOwner && ofOwner.includes(operation)) throw ownersOnly(operation);
    const text = message.string();
    const reply = await handler(text === '' ? {} : (JSON.parse(text) as unknown), asker);
    message.respond(fitReply(reply, limitBytes));
  } catch (thrown) {
    const error = asNexError(thrown);
    const headers = errorHeaders(statusOf(error.code), error.message);
    const { code, message: text, remedy } = error;
    const body = { code, message: cutErrorText(text), remedy };
    message.respond(JSON.stringify(body), { headers });
  }
}

/** A replay's log lines are in the workload's log as well; what cannot be sent beside the result is left out here. */
function fitReply(reply: unknown, limitBytes: number): string {
  const text = JSON.stringify(reply);
  if (Buffer.byteLength(text) <= limitBytes) return text;
  if (isReplayReply(reply)) {
    const [first] = reply.logs;
    const note = `${reply.logs.length} log lines do not fit here; \`nexdev logs\` shows them as they come.`;
    const logs = first === undefined ? [] : [{ text: note, level: 'WARN', id: first.id }];
    const shorter = JSON.stringify({ ...reply, logs });
    if (Buffer.byteLength(shorter) <= limitBytes) return shorter;
  }
  throw new NexError(
    'reply-too-large',
    `The answer has ${Buffer.byteLength(text)} bytes; this NATS server takes ${limitBytes} at most.`,
    { remedy: 'Let the function return less, or raise max_payload of the server.' },
  );
}

const isReplayReply = (reply: unknown): reply is ReplayReply =>
  typeof reply === 'object' && reply !== null && 'logs' in reply;

function asNexError(thrown: unknown): NexError {
  if (thrown instanceof NexError) return thrown;
  if (thrown instanceof z.ZodError || thrown instanceof SyntaxError) {
    const text = thrown instanceof z.ZodError ? z.prettifyError(thrown) : thrown.message;
    return new NexError('bad-request', `The request is malformed: ${text}`);
  }
  return new NexError('internal', errorText(thrown));
}

const ownersOnly = (operation: DevOperation) =>
  new NexError('not-authorized', `${operation} is for the user who started this node.`, {
    remedy: 'Ask who started it; what you deployed there you can list, replay and debug.',
  });

const statuses: Readonly<Record<string, string>> = {
  'not-authorized': '403',
  'no-such-workload': '404',
  'message-unavailable': '404',
  'bad-request': '400',
  'no-inspector': '400',
  'workload-restarting': '503',
};
const statusOf = (code: string) => statuses[code] ?? '500';

/** Whoever started the node can see all that runs there; others see what they have deployed. */
const isVisibleTo =
  ({ issuer, isOwner }: Asker) =>
  ({ definition }: Workload) =>
    isOwner || definition.claims.iss === issuer;

function find(
  registry: WorkloadRegistry,
  { workload: reference, namespace }: { workload: string; namespace: string },
  asker: Asker,
): Workload {
  const isVisible = isVisibleTo(asker);
  const workload = registry.find(reference, namespace, isVisible);
  if (workload !== undefined) return workload;
  const visible = registry.inNamespace(namespace).filter(isVisible);
  const names = visible.map(({ definition }) => definition.name);
  throw new NexError(
    'no-such-workload',
    `No workload ${reference} runs in namespace ${namespace}.`,
    {
      remedy:
        names.length === 0
          ? 'Nothing runs there yet: deploy with `nexdev devrun`.'
          : `These do: ${names.join(', ')}.`,
    },
  );
}

function inspectorOf(workload: Workload): InspectorReply {
  const { definition } = workload;
  const { id, name, namespace, hash } = definition;
  if (definition.type === 'native') {
    throw new NexError('no-inspector', `Workload ${name} is a service: it has no inspector.`, {
      remedy: 'Debug a service with the debugger of its own language.',
    });
  }
  const { scriptUrl } = definition;
  return {
    workloadId: id,
    name,
    namespace,
    webSocketUrl: workload.inspectorUrl,
    hash,
    scriptUrl,
  };
}

async function replay(workload: Workload, stream: string, seq: number): Promise<ReplayReply> {
  const replayed = await workload.replay(stream, seq);
  if (replayed.kind === 'unavailable') {
    throw new NexError('message-unavailable', replayed.message, {
      remedy: 'See which messages a stream has with `nats stream view`, or in the Streams view.',
    });
  }
  const { subject, headers: stored, outcome, elapsedMs, logs } = replayed;
  return { subject, headers: stored, outcome, elapsedMs, logs };
}
