import { z } from 'zod';
import type { NatsOptions } from '../protocol/natsOptions.ts';

const claimsSchema = z.object({ exp: z.number().optional() });

/** When what somebody logs in with ends; undefined where that is not said there. */
export function findExpiry({ creds, userJwt }: NatsOptions): Date | undefined {
  const jwt = /-----BEGIN NATS USER JWT-----\s+(\S+)/.exec(creds ?? '')?.[1] ?? userJwt ?? '';
  const [, payload = ''] = jwt.split('.');
  try {
    const { exp } = claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    return exp === undefined ? undefined : new Date(exp * 1000);
  } catch {
    // What is no JWT has no end.
    return undefined;
  }
}
