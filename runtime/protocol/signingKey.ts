import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { fromPublic, fromSeed } from '@nats-io/nkeys';
import { decodeBase32, encodeBase32 } from './base32.ts';

const keyLength = 32;
/** What PKCS #8 has before an Ed25519 key (RFC 8410). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * An Ed25519 nkey that signs. Node's own cryptography does it: that of the nkeys package is JavaScript, which takes
 * some 10 ms for a signature. nkeys still says whether a text is a key.
 */
export class SigningKey {
  /** `A…` for an account. */
  readonly publicKey: string;
  readonly #key: KeyObject;

  /** @param seed `SA…` for an account; throws where it is none, or one of a key that cannot sign */
  constructor(seed: string) {
    const { role, key } = parseSeed(seed);
    this.#key = createPrivateKey({
      key: Buffer.concat([pkcs8Prefix, key]),
      format: 'der',
      type: 'pkcs8',
    });
    const { x = '' } = createPublicKey(this.#key).export({ format: 'jwk' });
    this.publicKey = encodePublicKey(role, Buffer.from(x, 'base64url'));
  }

  sign(data: Uint8Array): Uint8Array {
    return sign(null, data, this.#key);
  }
}

/** Whether this is the signature of `data` by the nkey with this public key. */
export function isSignedBy(publicKey: string, data: Uint8Array, signature: Uint8Array): boolean {
  if (!isPublicKey(publicKey)) return false;
  const bytes = decodeBase32(publicKey).subarray(1, -2);
  if (bytes.length !== keyLength) return false;
  const x = bytes.toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, data, key, signature);
}

function isPublicKey(text: string): boolean {
  try {
    fromPublic(text);
    return true;
  } catch {
    return false;
  }
}

/** A seed is two prefixes of 5 and 8 bits, the key and a checksum. Source: nkeys `strkey.go`. */
function parseSeed(seed: string): { role: number; key: Uint8Array } {
  if (seed.startsWith('SX')) throw new Error('it is the seed of a curve key');
  fromSeed(Buffer.from(seed));
  const bytes = decodeBase32(seed);
  const role = (bytes.readUInt16BE() >> 3) & 0xff;
  return { role, key: bytes.subarray(2, -2) };
}

function encodePublicKey(role: number, key: Uint8Array): string {
  const bytes = Buffer.from([role, ...key, 0, 0]);
  bytes.writeUInt16LE(crc16(bytes.subarray(0, -2)), bytes.length - 2);
  return encodeBase32(bytes);
}

/** CRC-16/XMODEM, the checksum of an nkey. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}
