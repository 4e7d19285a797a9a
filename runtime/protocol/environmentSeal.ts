import { fromPublic, type KeyPair } from '@nats-io/nkeys';
import { z } from 'zod';
import { decodeGoBase64 } from './goBase64.ts';
import { decodeGoJson, goStringMap } from './goJson.ts';
import { NexError } from './nexError.ts';

const environmentSchema = z.record(z.string(), z.string());
const versionBytes = 'xkv1';
const nonceLength = 24;

/**
 * Seals an environment for a node: base64 of `xkv1`, nonce and NaCl box. `sender` is a curve key pair, `recipient` the
 * node's `target_xkey`. Source: `control-api/run.go` EncryptRequestEnvironment.
 */
export function sealEnvironment(
  environment: Record<string, string>,
  sender: KeyPair,
  recipient: string,
): string {
  const plain = Buffer.from(JSON.stringify(environment));
  return Buffer.from(sender.seal(plain, recipient)).toString('base64');
}

/** Opens what `sealEnvironment` made. Errors have the texts of Go's libraries, which Nex passes on to its clients. */
export function openEnvironment(
  sealed: string,
  recipient: KeyPair,
  sender: string,
): Record<string, string> {
  const input = decodeGoBase64(sealed, 'standard');
  if (input.length <= versionBytes.length + nonceLength) {
    throw unreadable('nkeys: encrypted input is not valid');
  }
  if (Buffer.from(input.subarray(0, versionBytes.length)).toString('latin1') !== versionBytes) {
    throw unreadable('nkeys: encrypted input wrong version');
  }
  if (!isCurveKey(sender)) throw unreadable('nkeys: not a valid sender public curve key');
  const plain = recipient.open(input, sender);
  if (plain === null) throw unreadable('nkeys: could not decrypt input');
  const decoded = decodeGoJson(Buffer.from(plain).toString(), goStringMap);
  return environmentSchema.parse(decoded ?? {});
}

function isCurveKey(key: string): boolean {
  if (!key.startsWith('X')) return false;
  try {
    fromPublic(key);
    return true;
  } catch {
    return false;
  }
}

const unreadable = (text: string, cause?: unknown) =>
  new NexError('unreadable-environment', text, { cause });
