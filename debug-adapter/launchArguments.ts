import { z } from 'zod';
import { allowSchema } from '../runtime/protocol/allow.ts';
import {
  contextsSchema,
  modeSchema,
  type WorkloadOptions,
} from '../runtime/protocol/workloadTypes.ts';
import { NexError } from '../runtime/protocol/nexError.ts';

/** Which NATS: a `NatsTarget`. */
const natsArguments = {
  /** NATS URL; the running local node's by default. */
  server: z.string().optional(),
  creds: z.string().optional(),
  context: z.string().optional(),
  nkey: z.string().optional(),
  user: z.string().optional(),
  password: z.string().optional(),
  token: z.string().optional(),
  userJwt: z.string().optional(),
  userSeed: z.string().optional(),
  tlscert: z.string().optional(),
  tlskey: z.string().optional(),
  tlsca: z.string().optional(),
  tlsfirst: z.boolean().optional(),
  jsdomain: z.string().optional(),
  inboxPrefix: z.string().optional(),
};

export const nodeArguments = {
  ...natsArguments,
  namespace: z.string().default('default'),
  /** Node that runs the runtime, where one has to be started. */
  nodePath: z.string().optional(),
  natsServerPath: z.string().optional(),
  storeDirectory: z.string().optional(),
};

/** How it is deployed. */
export const workloadArguments = {
  subject: z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((subject) => (Array.isArray(subject) ? subject : [subject])),
  env: z.record(z.string(), z.string()).default({}),
  mode: modeSchema.optional(),
  contexts: contextsSchema.optional(),
  allow: allowSchema.optional(),
  stopOnEntry: z.boolean().default(false),
};

const launchSchema = z
  .object({
    ...nodeArguments,
    ...workloadArguments,
    program: z.string().min(1),
    /** Sent to the first subject: a string as it is, anything else as JSON. */
    payload: z.unknown().optional(),
    replay: z.object({ stream: z.string().min(1), seq: z.number().int().min(1) }).optional(),
  })
  .refine(({ subject, replay }) => subject.length > 0 || replay !== undefined, {
    path: ['subject'],
    message:
      'a trigger subject is needed, or a message to replay (services have the debugger of their language)',
  });
export type LaunchArguments = z.infer<typeof launchSchema>;

const attachSchema = z.object({ ...nodeArguments, workload: z.string().min(1) });
export type AttachArguments = z.infer<typeof attachSchema>;

/** What it is to run as; the rest is as the file says. */
export const workloadOptions = ({
  mode,
  contexts,
  allow,
}: Pick<LaunchArguments, 'mode' | 'contexts' | 'allow'>): WorkloadOptions => ({
  ...(mode && { mode }),
  ...(contexts && { contexts }),
  ...(allow && { allow }),
});

/** Throws the NexError `bad-configuration`, which names the member that is wrong. */
export const parseLaunchArguments = (args: unknown): LaunchArguments =>
  parseArguments(launchSchema, args);
export const parseAttachArguments = (args: unknown): AttachArguments =>
  parseArguments(attachSchema, args);

export function parseArguments<Output>(schema: z.ZodType<Output>, args: unknown): Output {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `"${path.map(String).join('.')}": ${message}`,
  );
  throw new NexError(
    'bad-configuration',
    `This debug configuration cannot be used: ${faults.join('; ')}.`,
    { remedy: 'Correct it in launch.json.' },
  );
}
