import type { KeyPair } from '@nats-io/nkeys';
import { z } from 'zod';
import { openEnvironment, sealEnvironment } from './environmentSeal.ts';
import { natsOptionsSchema, type NatsOptions } from './natsOptions.ts';

/**
 * What the host services of a copy do. `readonly`: reads go to the live system, writes into an overlay that the
 * invocation sees and that is thrown away with it, and nothing else is sent. `live`: as for any workload.
 */
export const copyServicesSchema = z.enum(['readonly', 'live']);
export type CopyServices = z.infer<typeof copyServicesSchema>;

/** A copy gets every message on its trigger subjects, takes it from nobody, and never answers. */
export const copySchema = z.object({
  /** Where the trigger subjects are and host services go: what `sealLogin` made. */
  nats: z.string(),
  hostServices: copyServicesSchema,
});

/** Seals a login as an environment is: it holds secrets. */
export const sealLogin = (nats: NatsOptions, sender: KeyPair, recipient: string): string =>
  sealEnvironment({ nats: JSON.stringify(nats) }, sender, recipient);

/** Opens what `sealLogin` made. */
export function openLogin(sealed: string, recipient: KeyPair, sender: string): NatsOptions {
  const { nats = '' } = openEnvironment(sealed, recipient, sender);
  return natsOptionsSchema.parse(JSON.parse(nats));
}
