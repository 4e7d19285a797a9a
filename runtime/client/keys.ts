import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createAccount, createCurve, fromCurveSeed, type KeyPair } from '@nats-io/nkeys';
import { NexError, errorText } from '../protocol/nexError.ts';
import { SigningKey } from '../protocol/signingKey.ts';

/** Who we are to a node. */
export interface Keys {
  /** Account key that signs deploys, stops and dev API requests. */
  issuer: SigningKey;
  /** Curve key that seals environments. */
  publisher: KeyPair;
  issuerFile: KeyFile;
  publisherFile: KeyFile;
}

export interface KeyFile {
  path: string;
  /** Whether this call made it. */
  created: boolean;
}

/**
 * This user's keys in `~/.nex`, the files that the `nex` CLI uses too; made where they are missing (mode 0600, tighter
 * than its 0770). Two processes that start at once get the same keys.
 */
export async function readKeys(directory = join(homedir(), '.nex')): Promise<Keys> {
  const issuer = await readKey(join(directory, 'issuer.nk'), 'SA', createAccount, toSigningKey);
  const publisher = await readKey(join(directory, 'publisher.xk'), 'SX', createCurve, toCurve);
  return {
    issuer: issuer.key,
    publisher: publisher.key,
    issuerFile: issuer.file,
    publisherFile: publisher.file,
  };
}

const toSigningKey = (seed: string) => new SigningKey(seed);
const toCurve = (seed: string) => fromCurveSeed(Buffer.from(seed));

async function readKey<Key>(
  path: string,
  prefix: string,
  create: () => KeyPair,
  parse: (seed: string) => Key,
): Promise<{ key: Key; file: KeyFile }> {
  const created = await createIfAbsent(path, create);
  const seed = (await readFile(path, 'utf8')).trim();
  try {
    if (!seed.startsWith(prefix)) throw new Error(`it does not start with ${prefix}`);
    return { key: parse(seed), file: { path, created } };
  } catch (cause) {
    throw new NexError('key-unreadable', `${path} is not a key seed: ${errorText(cause)}`, {
      remedy: 'Put the right seed there, or move the file away and a new key is made.',
      cause,
    });
  }
}

/** Whether it made one. The file appears with its whole content or not at all, and never replaces another. */
async function createIfAbsent(path: string, create: () => KeyPair): Promise<boolean> {
  if ((await readFile(path).catch(() => undefined)) !== undefined) return false;
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    await writeFile(draft, create().getSeed(), { mode: 0o600 });
    await linkOrCopy(draft, path);
    return true;
  } catch (cause) {
    if (isCode(cause, 'EEXIST')) return false;
    throw new NexError('key-unwritable', `No key can be made at ${path}: ${errorText(cause)}`, {
      remedy: 'Make its folder writable for you.',
      cause,
    });
  } finally {
    await rm(draft, { force: true });
  }
}

/** Some file systems have no hard links. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

const isCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;
