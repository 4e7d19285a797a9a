import { z } from 'zod';
import { allowSchema, type Allow } from './allow.ts';

/** The workload types of Nex 0.3.0-rc1 that this node runs: JavaScript and WebAssembly functions, native services. */
export const workloadTypes = ['v8', 'wasm', 'native'] as const;
export type WorkloadType = (typeof workloadTypes)[number];

/** Functions are triggered by messages; a service subscribes by itself. */
export const isFunctionType = (type: string) => type === 'v8' || type === 'wasm';

/** How closely a function meets the real node, its faults included. */
export const modeSchema = z.enum(['faithful', 'strict']);
export type Mode = z.infer<typeof modeSchema>;

/** Whether each invocation gets a context of its own, as on Nex, or all share one. */
export const contextsSchema = z.enum(['fresh', 'shared']);
export type Contexts = z.infer<typeof contextsSchema>;

/** What a workload is run as; whoever deploys it, and its own first line, may say. */
export const workloadOptionsSchema = z.object({
  mode: modeSchema.optional(),
  contexts: contextsSchema.optional(),
  allow: allowSchema.optional(),
});
export type WorkloadOptions = z.infer<typeof workloadOptionsSchema>;
export const defaultOptions: { mode: Mode; contexts: Contexts; allow: Allow } = {
  mode: 'faithful',
  contexts: 'fresh',
  allow: {},
};
