import { readFile } from 'node:fs/promises';
import { fromCurveSeed, type KeyPair } from '@nats-io/nkeys';
import { readKeys } from '../client/keys.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { SigningKey } from '../protocol/signingKey.ts';

/** The key that signs: of the file that is named, else this user's. */
export const readIssuer = async (file: string | undefined): Promise<SigningKey> =>
  file === undefined
    ? (await readKeys()).issuer
    : readSeed(file, 'SA', 'an account', (seed) => new SigningKey(seed));

/** The key that seals environments: of the file that is named, else this user's. */
export const readPublisher = async (file: string | undefined): Promise<KeyPair> =>
  file === undefined
    ? (await readKeys()).publisher
    : readSeed(file, 'SX', 'a curve key', (seed) => fromCurveSeed(Buffer.from(seed)));

async function readSeed<Key>(
  file: string,
  prefix: string,
  owner: string,
  parse: (seed: string) => Key,
): Promise<Key> {
  try {
    const seed = (await readFile(file, 'utf8')).trim();
    if (!seed.startsWith(prefix)) throw new Error(`it does not start with ${prefix}`);
    return parse(seed);
  } catch (cause) {
    throw new NexError('key-unreadable', `${file} is not a key seed: ${errorText(cause)}`, {
      remedy: `Give a file with the ${prefix}… seed of ${owner}.`,
      cause,
    });
  }
}
