import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Artifacts that agents need as files: executables and WebAssembly modules, each by its hash, until the node ends. */
export class ArtifactFiles {
  #directory: Promise<string> | undefined;
  readonly #files = new Map<string, Promise<string>>();

  /** Absolute path of a file with these bytes, readable and executable by this user alone. */
  put(hash: string, bytes: Uint8Array): Promise<string> {
    const file = this.#files.get(hash) ?? this.#write(hash, bytes);
    this.#files.set(hash, file);
    // What could not be written is tried again by the next who needs it.
    file.catch(() => this.#files.delete(hash));
    return file;
  }

  /** Idempotent. */
  async dispose(): Promise<void> {
    const directory = await this.#directory?.catch(() => undefined);
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }

  async #write(hash: string, bytes: Uint8Array): Promise<string> {
    this.#directory ??= makeDirectory();
    // Windows starts nothing without the extension.
    const extension = process.platform === 'win32' ? '.exe' : '';
    const file = join(await this.#directory, `workload-${hash}${extension}`);
    await writeFile(file, bytes, { mode: 0o700 });
    return file;
  }
}

/** Named after this process; those of nodes that were killed go. */
async function makeDirectory(): Promise<string> {
  const names = await readdir(tmpdir());
  const abandoned = names.filter((name) => isAbandoned(directoryName.exec(name)?.[1]));
  // Another user's cannot be removed, and need not.
  await Promise.allSettled(
    abandoned.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })),
  );
  return mkdtemp(join(tmpdir(), `nexdev-artifacts-${process.pid}-`));
}

const directoryName = /^nexdev-artifacts-(\d+)-/;

function isAbandoned(pid: string | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // It may be another user's: then the signal is not allowed.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
