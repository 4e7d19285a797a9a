import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { NexError, errorText } from '../protocol/nexError.ts';
import { processIdentitySchema } from './processIdentity.ts';
import { errorCode } from './storeErrors.ts';

/**
 * Who uses a store directory: a JSON file in it, there from before the server is started until after it has ended.
 * One whose owner is gone was left by a crash.
 */
export const storeStateSchema = z.object({
  /** Also the server's name, which it tells in its INFO: so a server is known to be this one. */
  id: z.string().min(1),
  /** The process that started the server. */
  owner: processIdentitySchema,
  /** The process that ends the server when the owner is gone (not on Windows). */
  watcher: processIdentitySchema.optional(),
  server: processIdentitySchema.optional(),
  /** Set once the server is ready. */
  port: z.number().int().min(1).max(65_535).optional(),
});
export type StoreState = z.infer<typeof storeStateSchema>;

export const stateFile = (directory: string) => join(directory, 'nats-server.json');

/** Undefined where nobody uses the directory. */
export async function readStoreState(directory: string): Promise<StoreState | undefined> {
  const file = stateFile(directory);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  return parseStoreState(text, file);
}

export function parseStoreState(text: string, file: string): StoreState {
  try {
    return storeStateSchema.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : errorText(error);
    throw new NexError('store-state-unreadable', `${file} does not say who uses it: ${reason}`, {
      remedy: 'Make sure that no nats-server uses this directory, then delete that one file.',
      cause: error,
    });
  }
}

/** Takes a directory that nobody uses. False where somebody was faster. */
export async function claimStore(directory: string, state: StoreState): Promise<boolean> {
  const temporary = await writeBeside(directory, state);
  try {
    // A link appears whole or not at all, and never replaces a file: nobody reads half a state.
    await link(temporary, stateFile(directory));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    if (!linksAreMissing(error)) throw error;
    return await writeExclusively(directory, state);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Takes over a directory from a state that was found to be left over. False where somebody was faster. */
export async function replaceStoreState(
  directory: string,
  leftOver: StoreState,
  state: StoreState,
): Promise<boolean> {
  const aside = `${stateFile(directory)}.${randomUUID()}`;
  try {
    await rename(stateFile(directory), aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
  try {
    const moved = parseStoreState(await readFile(aside, 'utf8'), aside);
    if (moved.id === leftOver.id && moved.owner.pid === leftOver.owner.pid) {
      return await claimStore(directory, state);
    }
    // Somebody took the directory over between our look and our rename: it is theirs.
    await link(aside, stateFile(directory));
    return false;
  } finally {
    await rm(aside, { force: true });
  }
}

/** For the owner alone. */
export async function updateStoreState(directory: string, state: StoreState): Promise<void> {
  await rename(await writeBeside(directory, state), stateFile(directory));
}

export async function releaseStore(directory: string, id: string): Promise<void> {
  const state = await readStoreState(directory).catch(() => undefined);
  if (state?.id === id && state.owner.pid === process.pid) {
    await rm(stateFile(directory), { force: true });
  }
}

async function writeBeside(directory: string, state: StoreState): Promise<string> {
  const temporary = `${stateFile(directory)}.${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(state), { mode: 0o600 });
  return temporary;
}

/** Some file systems (FAT, some network shares) have no links. */
const linksAreMissing = (error: unknown) =>
  ['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(errorCode(error) ?? '');

async function writeExclusively(directory: string, state: StoreState): Promise<boolean> {
  try {
    await writeFile(stateFile(directory), JSON.stringify(state), { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
