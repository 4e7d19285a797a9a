import { createHash } from 'node:crypto';

/** The digest that an object store keeps of an object's bytes, as NATS's clients write it. Source: nats.go `object.go`. */
export const objectDigest = (bytes: Uint8Array): string =>
  `SHA-256=${createHash('sha256').update(bytes).digest('base64url')}=`;
