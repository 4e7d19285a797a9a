import { createHash, randomUUID } from 'node:crypto';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { encodeClaims } from '../protocol/claims.ts';
import { authorizationHeader } from '../protocol/devApi.ts';
import type { SigningKey } from '../protocol/signingKey.ts';

/** The header that tells a Nex Devrun node who asks, good for this request, once; a real node takes no notice of it. */
export function signRequest(issuer: SigningKey, subject: string, payload: string): MsgHdrs {
  const signed = headers();
  const token = encodeClaims(issuer, {
    subject,
    issuedAt: Math.floor(Date.now() / 1000),
    id: randomUUID(),
    data: { body: createHash('sha256').update(payload).digest('hex') },
  });
  signed.set(authorizationHeader, token);
  return signed;
}
