import { z } from 'zod';
import { replayOutcomeSchema } from './agentPipe.ts';
import { limitsSchema } from './controlApi.ts';
import { logEntrySchema } from './logs.ts';
import { debuggerAddressSchema } from './serviceDebugger.ts';
import { workloadOptionsSchema } from './workloadTypes.ts';

/** The dev API: a NATS micro service of this name for what Nex's control API does not have. */
export const devService = { name: 'nexdev', version: '0.1.0' } as const;

export const devOperations = ['INSPECTOR', 'REPLAY', 'LEASE', 'HEALTH', 'WORKLOADS'] as const;
export type DevOperation = (typeof devOperations)[number];
export const devSubject = (node: string, operation: DevOperation) => `$NEXDEV.${node}.${operation}`;

/**
 * Header that carries who asks: a claims JWT signed with an issuer key the node accepts, with `sub` = the request's
 * subject and `nats.body` = lower-case hex SHA-256 of the request's body. It is good once, for `authorizationMs`.
 */
export const authorizationHeader = 'Nexdev-Authorization';
export const authorizationMs = 60_000;

/** Body of a refusal, beside the headers that every NATS micro service sends: a NexError. */
export const devErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
});

/** A workload as the dev API names it: by id, or by name within a namespace. */
const workloadReference = z.object({
  workload: z.string(),
  namespace: z.string().default('default'),
});

/** INSPECTOR: where the CDP end of a workload is. */
export const inspectorRequestSchema = workloadReference;
export const inspectorReplySchema = z.object({
  workloadId: z.string(),
  name: z.string(),
  namespace: z.string(),
  /** `ws://127.0.0.1:PORT/UUID` */
  webSocketUrl: z.string(),
  /** Lower-case hex SHA-256 of the artifact that runs: the key of its source record. */
  hash: z.string(),
  scriptUrl: z.string(),
});
export type InspectorReply = z.infer<typeof inspectorReplySchema>;

/** REPLAY: run one stored message through a workload; the answer comes when the invocation has ended. */
export const replayRequestSchema = workloadReference.extend({
  /** As JetStream allows it: subjects are made of it. */
  stream: z.string().regex(/^[^\s.*>/\\\p{Cc}]{1,255}$/u),
  seq: z.number().int().min(1),
});
export const replayReplySchema = z.object({
  /** Subject and headers of the stored message. */
  subject: z.string(),
  headers: z.record(z.string(), z.array(z.string())),
  outcome: replayOutcomeSchema,
  elapsedMs: z.number(),
  logs: z.array(logEntrySchema),
});
export type ReplayReply = z.infer<typeof replayReplySchema>;

/** LEASE: hold a node that was started for somebody. Renew every `leaseRenewMs`; `release` ends it. */
export const leaseRequestSchema = z.object({
  holder: z.string().min(1).max(200),
  release: z.boolean().default(false),
});
export const leaseReplySchema = z.object({ expiresInMs: z.number() });
export const leaseMs = 10_000;
export const leaseRenewMs = 3_000;

/** WORKLOADS: what INFO does not say of this node's workloads, over all namespaces. */
export const workloadDetailSchema = z.object({
  id: z.string(),
  name: z.string(),
  namespace: z.string(),
  type: z.string(),
  hash: z.string(),
  triggerSubjects: z.array(z.string()),
  limits: limitsSchema,
  /** What it runs as. */
  options: workloadOptionsSchema.optional(),
  /** Set where it is a copy of a workload elsewhere. */
  copy: z.literal(true).optional(),
  /** File it was built from, where a Nex Devrun client deployed it. */
  program: z.string().optional(),
  /** `starting` while its agent is being started again after a death. */
  state: z.enum(['running', 'starting']),
  /** Process id of its agent while it runs. */
  agentPid: z.number().int().optional(),
  /** Process id of a service while it runs. */
  servicePid: z.number().int().optional(),
  /** Where a service's own debugger listens, if it was started under one. */
  debugger: debuggerAddressSchema.optional(),
  /** Set while it waits in the debugger. */
  paused: z.boolean(),
  /** Messages that wait behind the current one. */
  waiting: z.number().int(),
  invocations: z.number().int(),
  failures: z.number().int(),
  restarts: z.number().int(),
});
export type WorkloadDetail = z.infer<typeof workloadDetailSchema>;
export const workloadsReplySchema = z.object({ workloads: z.array(workloadDetailSchema) });

/** HEALTH: the node itself. */
export const healthReplySchema = z.object({
  nodeId: z.string(),
  pid: z.number().int(),
  url: z.string(),
  startedBy: z.enum(['terminal', 'lease']),
  holders: z.array(z.string()),
  natsServerPid: z.number().int().optional(),
  storeDirectory: z.string().optional(),
});
export type HealthReply = z.infer<typeof healthReplySchema>;
