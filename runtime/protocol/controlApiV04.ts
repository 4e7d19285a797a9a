import { z } from 'zod';
import { nodeIdSchema } from './controlApi.ts';

/**
 * What is read of Nex 0.4.x, whose nodes are NATS micro services with bare JSON bodies. Only what is shown is required of
 * an answer. Source: `models/subjects.go` and the JSON schemas of 0.4.1.
 */
export const controlSubjectsV04 = {
  pingAll: '$NEX.SVC.system.control.PING',
  info: (node: string) => `$NEX.SVC.system.control.INFO.${node}`,
  /** The nexlets of one node: they answer at once and one by one, while the node itself takes 2 s and does not say who it is. */
  workloads: (node: string) => `$NEX.SVC.${node}.agent.QUERYWORKLOADS`,
} as const;

/** Headers of an answer that is an error. */
export const serviceErrorV04 = {
  text: 'Nats-Service-Error',
  code: 'Nats-Service-Error-Code',
} as const;

const tagsSchema = z.record(z.string(), z.string()).nullish();

/** `start_time` is RFC 3339. */
export const nodePingV04Schema = z.looseObject({
  node_id: nodeIdSchema,
  version: z.string(),
  state: z.string(),
  start_time: z.string(),
  tags: tagsSchema,
});
export type NodePingV04 = z.infer<typeof nodePingV04Schema>;

const nexletSchema = z.looseObject({
  agent_health: z.string(),
  agent_health_stoplight: z.string().optional(),
  agent_id: z.string(),
  /** Of its last heartbeat. */
  agent_summary: z.looseObject({
    name: z.string(),
    type: z.string(),
    state: z.string(),
    supported_lifecycles: z.string(),
    workload_count: z.number().int(),
  }),
});
export type NexletV04 = z.infer<typeof nexletSchema>;

/** `uptime` is a Go duration; nexlets that ended stay listed as `offline`. */
export const nodeInfoV04Schema = z.looseObject({
  node_id: nodeIdSchema,
  version: z.string(),
  uptime: z.string(),
  xkey: z.string(),
  tags: tagsSchema,
  node_agent_summaries: z.array(nexletSchema).nullish(),
});
export type NodeInfoV04 = z.infer<typeof nodeInfoV04Schema>;

const workloadV04Schema = z.looseObject({
  id: z.string(),
  name: z.string(),
  workload_type: z.string(),
  workload_lifecycle: z.string(),
  workload_state: z.string(),
  start_time: z.string(),
  runtime: z.string(),
});
export type WorkloadV04 = z.infer<typeof workloadV04Schema>;

/** What a nexlet answers that is asked for its workloads: Go's nil where it has none. */
export const workloadsV04Schema = z.array(workloadV04Schema).nullable();
