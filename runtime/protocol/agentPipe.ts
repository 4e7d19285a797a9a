import { z } from 'zod';
import { allowSchema } from './allow.ts';
import { copyServicesSchema } from './copy.ts';
import { limitsSchema } from './controlApi.ts';
import { receivedSchema } from './handOver.ts';
import { logEntrySchema } from './logs.ts';
import { natsOptionsSchema } from './natsOptions.ts';
import { debuggerAddressSchema, serviceDebuggerSchema } from './serviceDebugger.ts';
import { contextsSchema, modeSchema } from './workloadTypes.ts';

/**
 * What a node and its agents say to each other over the agent's IPC pipe. An agent hosts one workload, and for a moment two
 * versions of it: the next one starts beside the one it replaces where it can, and every message says whose it is.
 */

/** Versions in one agent are counted from 1. */
const versionSchema = z.number().int();

const commonMembers = {
  id: z.string(),
  name: z.string(),
  namespace: z.string(),
  nodeId: z.string(),
  hash: z.string(),
  triggerSubjects: z.array(z.string()),
  limits: limitsSchema,
  mode: modeSchema,
  allow: allowSchema,
  /** It only observes: no message is answered. */
  copy: z.object({ hostServices: copyServicesSchema }).optional(),
  /** As the deploy request sealed it. */
  environment: z.record(z.string(), z.string()),
  waitForDebugger: z.boolean(),
  /** Codes of the warnings that were given at its deploy. */
  warned: z.array(z.string()),
};

const v8WorkloadSchema = z.object({
  ...commonMembers,
  type: z.literal('v8'),
  contexts: contextsSchema,
  source: z.string(),
  scriptUrl: z.string(),
  /** Source map v3 (JSON text) of a bundled module, with absolute `file:` URLs. */
  map: z.string().optional(),
});
export type V8Workload = z.infer<typeof v8WorkloadSchema>;

const wasmWorkloadSchema = z.object({
  ...commonMembers,
  type: z.literal('wasm'),
  /** Absolute path of the artifact on this machine. */
  file: z.string(),
  scriptUrl: z.string(),
});
export type WasmWorkload = z.infer<typeof wasmWorkloadSchema>;

const nativeWorkloadSchema = z.object({
  ...commonMembers,
  type: z.literal('native'),
  /** Absolute path of the executable on this machine. */
  file: z.string(),
  argv: z.array(z.string()),
  debugger: serviceDebuggerSchema.optional(),
});
export type NativeWorkload = z.infer<typeof nativeWorkloadSchema>;

export type FunctionWorkload = V8Workload | WasmWorkload;
export const agentWorkloadSchema = z.discriminatedUnion('type', [
  v8WorkloadSchema,
  wasmWorkloadSchema,
  nativeWorkloadSchema,
]);
export type AgentWorkload = z.infer<typeof agentWorkloadSchema>;

export const toAgentSchema = z.discriminatedUnion('type', [
  /** Compile, connect, be ready to be debugged; take no message yet. Answered by `loaded` or `rejected`. */
  z.object({
    type: z.literal('load'),
    workload: agentWorkloadSchema,
    /** Connection for triggers and host services. */
    nats: natsOptionsSchema,
    /** The node's own connection, for events and logs, where it is another one. */
    nodeNats: natsOptionsSchema.optional(),
    /** The version in the same agent whose subscriptions this one takes over. */
    successorOf: versionSchema.optional(),
  }),
  /** Subscribe to the trigger subjects. Answered by `subscribed` once messages reach this version. */
  z.object({
    type: z.literal('subscribe'),
    /** Another agent has them too: hold what comes until `forget` (`handOver.ts`). */
    marker: z.string().optional(),
  }),
  /** Note from now on what comes, since another version takes over. Answered by `recording`. Without `marker`: it does not. */
  z.object({ type: z.literal('record'), marker: z.string().optional() }),
  /** What another version has got of what is held. */
  z.object({ type: z.literal('forget'), received: receivedSchema }),
  /** The version before has finished: run what waits, and wait no more. */
  z.object({ type: z.literal('release') }),
  /** Run one stored message. Answered by `replayed`. */
  z.object({
    type: z.literal('replay'),
    request: z.number().int(),
    stream: z.string(),
    seq: z.number().int(),
  }),
  /** Unsubscribe, finish what has arrived (for `graceMs` at most), and leave; the last one takes the process with it. */
  z.object({ type: z.literal('stop'), graceMs: z.number() }),
]);
export type ToAgent = z.infer<typeof toAgentSchema>;

export const toAgentProcessSchema = z.union([
  z.object({ version: versionSchema, message: toAgentSchema }),
  /** Run everything once for nobody, so that the first deployment is as fast as a later one. Not answered. */
  z.object({ rehearse: natsOptionsSchema }),
]);
export type ToAgentProcess = z.infer<typeof toAgentProcessSchema>;

export const replayOutcomeSchema = z.discriminatedUnion('kind', [
  /** What would have been the reply: JSON text or the word `undefined`; of a WebAssembly function any bytes. */
  z.object({
    kind: z.literal('returned'),
    text: z.string(),
    /** Set where the bytes are no UTF-8 text. */
    encoding: z.literal('base64').optional(),
  }),
  z.object({
    kind: z.literal('failed'),
    code: z.number().int(),
    text: z.string(),
    stack: z.string().optional(),
  }),
]);

export type ReplayOutcome = z.infer<typeof replayOutcomeSchema>;

/** How the invocations of one entry into the isolate ended: one, or several where they share a context. */
const endedSchema = z.object({
  invocations: z.number().int(),
  failures: z.number().int(),
  elapsedNanos: z.number().int(),
});
export type Ended = z.infer<typeof endedSchema>;

/** Who waits for the answer to an invocation. */
const callerSchema = z.object({
  invocation: z.number().int(),
  trigger: z.string(),
  reply: z.string(),
});
export type Caller = z.infer<typeof callerSchema>;

export const fromAgentSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('loaded'),
    /** CDP end of a function. */
    inspectorUrl: z.string().optional(),
    /** Of a service that was started under one. */
    debugger: debuggerAddressSchema.optional(),
  }),
  z.object({ type: z.literal('rejected'), message: z.string() }),
  z.object({ type: z.literal('subscribed') }),
  z.object({ type: z.literal('recording') }),
  /** A service's process runs, in a process group of its own. The node ends it should the agent die. */
  z.object({ type: z.literal('started'), pid: z.number().int() }),
  /** A service has ended by itself (code -1: by a signal), all that it printed is published. */
  z.object({
    type: z.literal('exited'),
    code: z.number().int(),
    signal: z.string().optional(),
  }),
  /** It was told to stop, and no new message reaches it any more. */
  z.object({ type: z.literal('unsubscribed'), received: receivedSchema }),
  /**
   * An invocation begins, after the one before has `ended` (told by the way where messages wait: a send costs 40 µs). The
   * node answers `reply` should the agent die in it.
   */
  z.object({
    type: z.literal('begin'),
    invocation: z.number().int(),
    subject: z.string(),
    /** Trigger subject as registered; absent in a replay. */
    trigger: z.string().optional(),
    reply: z.string().optional(),
    /** Request number of a replay. */
    replay: z.number().int().optional(),
    /** Callers of those that the same entry may run after it. */
    behind: z.array(callerSchema).optional(),
    ended: endedSchema.optional(),
  }),
  z.object({ type: z.literal('end'), ended: endedSchema }),
  /** A debugger is attached, or was. */
  z.object({ type: z.literal('attached') }),
  /** The debugger has stopped, or let go of, the running invocation. */
  z.object({ type: z.literal('paused') }),
  z.object({ type: z.literal('resumed') }),
  z.object({ type: z.literal('waiting'), waiting: z.number().int() }),
  /** What the messages that wait weigh has grown much, or (0) none waits any more. */
  z.object({ type: z.literal('backlog'), bytes: z.number().int() }),
  /** Who waits behind an invocation that takes long, each told once. The node answers them should the agent die. */
  z.object({ type: z.literal('callers'), callers: z.array(callerSchema) }),
  /** It has answered all itself who wait behind that invocation. */
  z.object({ type: z.literal('refused'), behind: z.number().int() }),
  z.object({
    type: z.literal('replayed'),
    request: z.number().int(),
    result: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('done'),
        subject: z.string(),
        headers: z.record(z.string(), z.array(z.string())),
        outcome: replayOutcomeSchema,
        elapsedMs: z.number(),
        logs: z.array(logEntrySchema),
      }),
      /** The message could not be had. */
      z.object({ kind: z.literal('unavailable'), message: z.string() }),
    ]),
  }),
  /** The isolate is gone for good; the answer to its caller has been sent. */
  z.object({ type: z.literal('exhausted'), reason: z.string() }),
  /** After `stop`, where another version goes on in the same agent. */
  z.object({ type: z.literal('left') }),
]);
export type FromAgent = z.infer<typeof fromAgentSchema>;

export const fromAgentProcessSchema = z.object({
  version: versionSchema,
  message: fromAgentSchema,
});
export type Replayed = Extract<FromAgent, { type: 'replayed' }>['result'];
