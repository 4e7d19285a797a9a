import { z } from 'zod';
import { copySchema } from './copy.ts';
import { serviceDebuggerSchema } from './serviceDebugger.ts';
import { workloadOptionsSchema } from './workloadTypes.ts';

/**
 * The control API of Nex 0.3.0-rc1: plain NATS request/reply with JSON bodies and no headers.
 * Source of every name and shape: `control-api/types.go`, `control-api/run.go`, `control-api/stop.go` of that release.
 */
export const controlSubjects = {
  auction: '$NEX.AUCTION',
  pingAll: '$NEX.PING',
  ping: (node: string) => `$NEX.PING.${node}`,
  /** With one or two more tokens: a namespace, and a workload's id or name. */
  pingWorkloads: '$NEX.WPING',
  info: (namespace: string, node: string) => `$NEX.INFO.${namespace}.${node}`,
  deploy: (namespace: string, node: string) => `$NEX.DEPLOY.${namespace}.${node}`,
  stop: (namespace: string, node: string) => `$NEX.STOP.${namespace}.${node}`,
  lameDuck: (node: string) => `$NEX.LAMEDUCK.${node}`,
} as const;

export type ReplyType =
  | 'auction_response'
  | 'ping_response'
  | 'info_response'
  | 'run_response'
  | 'stop_response'
  | 'lameduck_response';

/** The `type` member of an envelope. */
export const replyTypeName = (type: ReplyType) => `io.nats.nex.v1.${type}`;

/** Every control API reply. On failure `data` is the empty string and `error` the text. */
export const envelopeSchema = z.object({
  type: z.string(),
  data: z.unknown(),
  error: z.string().optional(),
});

/**
 * A list of texts. Of one with a million members that are none the first is fault enough: zod would describe them all,
 * which takes a node seconds and a gigabyte, whoever sent it.
 */
const textsSchema = z.custom<string[]>(
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  'expected a list of texts',
);

/** A token of the subjects by which the node is asked, whoever says that it is one. */
export const nodeIdSchema = z.string().regex(/^[^\s.*>]{1,100}$/);

const tagsSchema = z.custom<Record<string, string>>(
  (value) => isRecord(value) && Object.values(value).every((each) => typeof each === 'string'),
  'expected texts by name',
);

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const auctionRequestSchema = z.object({
  arch: z.string().nullish(),
  os: z.string().nullish(),
  sandboxed: z.boolean().nullish(),
  tags: tagsSchema.nullish(),
  workload_types: textsSchema.nullish(),
});
export type AuctionRequest = z.infer<typeof auctionRequestSchema>;

/** Data of the replies to AUCTION and PING. `uptime` reads `2d1h3m12s`. */
export const pingResponseSchema = z.object({
  node_id: nodeIdSchema,
  nexus: z.string().optional(),
  version: z.string(),
  uptime: z.string(),
  target_xkey: z.string(),
  tags: tagsSchema.optional(),
  running_machines: z.number().int(),
});
export type PingResponse = z.infer<typeof pingResponseSchema>;

/** Data of the reply to WPING, in an envelope of the type that replies to PING have. */
export const workloadPingResponseSchema = pingResponseSchema.omit({ nexus: true }).extend({
  running_machines: z.array(
    z.object({ id: z.string(), namespace: z.string(), name: z.string(), type: z.string() }),
  ),
});
export type WorkloadPingResponse = z.infer<typeof workloadPingResponseSchema>;

/** One workload in an INFO reply. `id` and `essential` inside `workload` are never filled in by Nex. */
export const machineSummarySchema = z.object({
  id: z.string(),
  healthy: z.boolean(),
  uptime: z.string(),
  namespace: z.string().optional(),
  workload: z.object({
    id: z.string(),
    name: z.string(),
    description: z.string().optional(),
    essential: z.boolean(),
    /** Lower-case hex SHA-256 of the artifact. */
    hash: z.string(),
    runtime: z.string(),
    uptime: z.string(),
    type: z.string(),
  }),
});
export type MachineSummary = z.infer<typeof machineSummarySchema>;

/** Data of the reply to INFO. `memory` is in kB. */
export const infoResponseSchema = z.object({
  available_agents: z.number().int(),
  allow_duplicate_workloads: z.boolean().optional(),
  machines: z.array(machineSummarySchema),
  memory: z.object({ total: z.number(), free: z.number(), available: z.number() }).optional(),
  public_xkey: z.string(),
  supported_workload_types: z.array(z.string()).optional(),
  tags: tagsSchema.optional(),
  uptime: z.string(),
  version: z.string(),
});
export type InfoResponse = z.infer<typeof infoResponseSchema>;

/** Limits of one workload: wall clock of an invocation in ms, memory of its isolate in MB. */
export const limitsSchema = z.object({
  timeoutMs: z.number().int().min(1).max(86_400_000),
  memoryMb: z.number().int().min(8).max(65_536),
});
export type Limits = z.infer<typeof limitsSchema>;
export const defaultLimits: Limits = { timeoutMs: 5000, memoryMb: 128 };

/**
 * What a Nex Devrun client adds to a deploy request. A real Nex node ignores it, as Go's JSON decoder does
 * with every unknown member.
 */
export const deployExtensionSchema = z.object({
  /** Take no message before a debugger has connected and said `Runtime.runIfWaitingForDebugger`. */
  waitForDebugger: z.boolean().optional(),
  /** Accept a workload without trigger subjects: it only ever gets replayed messages. */
  replayOnly: z.boolean().optional(),
  /**
   * Take the place of the workload of the same name, namespace and issuer once this one is ready; if it never is, the
   * old one goes on answering.
   */
  replace: z.boolean().optional(),
  /**
   * The file was saved: all but the artifact, and what the file itself asks for, is as in the version that this one replaces, and
   * nothing happens where that artifact runs already. Several clients may watch one file.
   */
  reload: z.boolean().optional(),
  limits: limitsSchema.partial().optional(),
  /** Deploy it as a copy of a workload elsewhere; such a one replaces nothing. */
  copy: copySchema.optional(),
  /** What the deployer asks for; comes before `fileOptions`. */
  options: workloadOptionsSchema.optional(),
  /** What the file itself asks for. */
  fileOptions: workloadOptionsSchema.optional(),
  /** For a service; its address is in its detail (dev API, WORKLOADS). */
  debugger: serviceDebuggerSchema.optional(),
  /** Codes of the warnings that the client has shown: the agent does not say them again. */
  warned: textsSchema.optional(),
  /** Lower-case hex SHA-256 of the artifact: its source record is then fetched beside it, not after it. */
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
export type DeployExtension = z.infer<typeof deployExtensionSchema>;

/** Go's `url.URL` as an object; a node reads these two members only. */
const goUrlSchema = z.looseObject({ Host: z.string().optional(), Path: z.string().optional() });
export type GoUrlObject = z.infer<typeof goUrlSchema>;

/** Body of DEPLOY as clients send it. */
export const deployRequestSchema = z.object({
  argv: textsSchema.nullish(),
  description: z.string().nullish(),
  hash: z.string().nullish(),
  location: goUrlSchema.nullish(),
  essential: z.boolean().nullish(),
  environment: z.string().nullish(),
  id: z.string().nullish(),
  jsdomain: z.string().nullish(),
  sender_public_key: z.string().nullish(),
  target_node: z.string().nullish(),
  trigger_subjects: textsSchema.nullish(),
  host_services_config: z
    .object({ nats_url: z.string(), nats_user_jwt: z.string(), nats_user_seed: z.string() })
    .partial()
    .nullish(),
  workload_name: z.string().nullish(),
  workload_jwt: z.string().nullish(),
  type: z.string().nullish(),
  nexdev: deployExtensionSchema.optional(),
});
export type DeployRequest = z.infer<typeof deployRequestSchema>;

/** Data of the reply to DEPLOY; `id` is the workload id. */
export const runResponseSchema = z.object({
  id: z.string(),
  issuer: z.string(),
  name: z.string(),
  started: z.boolean(),
  /** From a Nex Devrun node only: what the deployer should know, such as a trigger subject that others answer too. */
  warnings: z.array(z.string()).optional(),
});
export type RunResponse = z.infer<typeof runResponseSchema>;

export const stopRequestSchema = z.object({
  node_id: z.string().nullish(),
  workload_id: z.string().nullish(),
  workload_jwt: z.string().nullish(),
});

export const stopResponseSchema = z.object({
  id: z.string(),
  issuer: z.string(),
  stopped: z.boolean(),
});
export type StopResponse = z.infer<typeof stopResponseSchema>;

export const lameDuckResponseSchema = z.object({ node_id: z.string(), success: z.boolean() });
export type LameDuckResponse = z.infer<typeof lameDuckResponseSchema>;

/** Tag of a node that takes no new workloads; its value is `true`. */
export const lameDuckTag = 'nex.lameduck';

/** Object store that `nex devrun` uploads artifacts into (`nex/devrunner.go`), and its size when we create it. */
export const artifactBucket = { name: 'NEXCLIFILES', maxBytes: 100 * 1024 * 1024 } as const;

/** The hash claim of a `devrun`, a constant in Nex's own client; the node compares it with nothing. */
export const placeholderHash = 'abc12345TODOmakethisreal';

/** Tag of every Nex Devrun node; its value is the version of the dev API. */
export const devrunTag = 'nex.devrun';

/** Source size in bytes above which a real Nex node refuses a JavaScript function. */
export const nexSourceLimit = 12_288;
