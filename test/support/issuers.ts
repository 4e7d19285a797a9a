import { createAccount } from '@nats-io/nkeys';
import { SigningKey } from '../../runtime/protocol/signingKey.ts';

/** The key of somebody whom nobody knows. */
export const createIssuer = () => new SigningKey(Buffer.from(createAccount().getSeed()).toString());
