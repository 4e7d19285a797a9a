import { z } from 'zod';
import { copyServicesSchema } from '../runtime/protocol/copy.ts';
import { nodeArguments, parseArguments, workloadArguments } from './launchArguments.ts';

/** A launch that debugs a copy of a workload elsewhere: `server`, `context` and the login say where that is. */
const copySchema = z.object({
  ...nodeArguments,
  ...workloadArguments,
  copyOf: z.object({
    workload: z.string().min(1),
    /** Id of its node; else any that runs it. */
    node: z.string().optional(),
    namespace: z.string().optional(),
  }),
  /** File that it was built from, where its sources are here alone. */
  program: z.string().min(1).optional(),
  hostServices: copyServicesSchema.default('readonly'),
});
export type CopyArguments = z.infer<typeof copySchema>;

/** Throws the NexError `bad-configuration`, which names the member that is wrong. */
export const parseCopyArguments = (args: unknown): CopyArguments =>
  parseArguments(copySchema, args);

export const isCopy = (args: unknown): boolean =>
  typeof args === 'object' && args !== null && 'copyOf' in args;
