import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { goMembers } from '../protocol/goMembers.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { workloadTypes } from '../protocol/workloadTypes.ts';
import { withoutMeaning } from './configWithoutMeaning.ts';

/** 0: unlimited. */
const limitSchema = z.number().int().min(0).default(0);

const limitsSchema = goMembers(
  z.strictObject({
    max_workloads: limitSchema,
    max_total_bytes: limitSchema,
    max_workload_bytes: limitSchema,
  }),
);

const autostartSchema = goMembers(
  z.strictObject({
    name: z.string().regex(/^[a-zA-Z0-9_-]+$/, 'a name has letters, digits, _ and - only'),
    namespace: z.string().regex(/^[^\s.*>]+$/, 'a namespace is one token of a subject'),
    argv: z.array(z.string()).optional(),
    description: z.string().optional(),
    essential: z.boolean().optional(),
    type: z.enum(workloadTypes),
    location: z.string().regex(/^nats:\/\/[^/]+\/.+$/, 'a location reads nats://BUCKET/KEY'),
    jsdomain: z.string().optional(),
    environment: z.record(z.string(), z.string()).default({}),
    trigger_subjects: z.array(z.string()).optional(),
  }),
);
export type AutostartWorkload = z.infer<typeof autostartSchema>;

const serviceSchema = goMembers(
  z.strictObject({
    enabled: z.literal(true, 'a host service cannot be switched off on this node'),
    config: z.unknown().optional(),
  }),
);

const hostServicesSchema = goMembers(
  z.strictObject({
    nats: goMembers(
      z
        .strictObject({
          nats_url: z.string(),
          nats_user_jwt: z.string(),
          nats_user_seed: z.string(),
        })
        .partial()
        .optional(),
    ),
    services: z
      .partialRecord(z.enum(['http', 'kv', 'messaging', 'objectstore']), serviceSchema)
      .optional(),
  }),
);

/** Nex's node configuration file (`internal/models/config.go` NodeConfiguration), as far as it means something here. */
const nodeConfigSchema = z.strictObject({
  allow_duplicate_workloads: z.boolean().default(true),
  autostart: goMembers(z.strictObject({ workloads: z.array(autostartSchema) }).optional()),
  deny_trigger_subjects: z.array(z.string()).default([]),
  host_services_config: hostServicesSchema.optional(),
  machine_pool_size: z.number().int().min(1, 'machine pool size must be >= 1').default(1),
  no_sandbox: z.literal(true, 'this node has no sandbox').default(true),
  node_limits: limitsSchema.prefault({}),
  tags: z.record(z.string(), z.string()).default({}),
  valid_issuers: z
    .array(z.string().regex(/^[A-Z2-7]{56}$/, 'an issuer is a public key (A…)'))
    .default([]),
  workload_types: z.array(z.enum(workloadTypes)).optional(),
});
export type NodeConfig = z.infer<typeof nodeConfigSchema>;

export const defaultNodeConfig: NodeConfig = nodeConfigSchema.parse({});

/** A file's configuration; `ignored` names, with the reason, what the file says and this node has no use for. */
export async function readNodeConfig(
  file: string,
): Promise<{ config: NodeConfig; ignored: string[] }> {
  const entries = Object.entries(await readObject(file));
  const reasons = entries.flatMap(([name]) => {
    const reason = withoutMeaning[name];
    return reason === undefined ? [] : [`${file}: ${name} is ignored: ${reason}.`];
  });
  // `null` leaves the default, as in Go.
  const meant = entries.filter(
    ([name, value]) => withoutMeaning[name] === undefined && value !== null,
  );
  const parsed = nodeConfigSchema.safeParse(Object.fromEntries(meant));
  if (!parsed.success) throw badConfig(file, parsed.error.issues.map(describeIssue).join('; '));
  return { config: parsed.data, ignored: reasons };
}

async function readObject(file: string): Promise<object> {
  try {
    return goMembers(z.record(z.string(), z.unknown())).parse(
      JSON.parse(await readFile(file, 'utf8')),
    );
  } catch (error) {
    throw badConfig(
      file,
      error instanceof z.ZodError ? 'it is not a JSON object' : errorText(error),
    );
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return `${path}: ${issue.message}`;
  const names = issue.keys.map((key) => [...issue.path, key].join('.'));
  return `unknown field ${names.join(', ')}`;
}

const badConfig = (file: string, why: string) =>
  new NexError('bad-config', `Node configuration ${file} cannot be used: ${why}.`, {
    remedy: `Its fields are those of Nex 0.3: ${Object.keys(nodeConfigSchema.shape).join(', ')}.`,
  });
