import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Artifacts that agents need as files: executables and WebAssembly modules, each by its hash, while a workload uses it. */
export class ArtifactFiles {
  #directory: Promise<string> | undefined;
  /** Ids of the workloads that use a file. */
  readonly #users = new Map<string, Set<string>>();

  /** Absolute path of a file with these bytes, readable and executable by this user alone, until `release(workloadId)`. */
  async put(hash: string, bytes: Uint8Array, workloadId: string): Promise<string> {
    // Windows starts nothing without the extension.
    const extension = process.platform === 'win32' ? '.exe' : '';
    const file = join(await this.#makeDirectory(), `workload-${hash}${extension}`);
    const users = this.#users.get(file) ?? new Set();
    if (users.size === 0) writeExecutable(file, bytes);
    this.#users.set(file, users.add(workloadId));
    return file;
  }

  /** The workload is gone for good; so are the files that nobody else uses. Idempotent. */
  release(workloadId: string): void {
    for (const [file, users] of this.#users) {
      if (!users.delete(workloadId) || users.size > 0) continue;
      this.#users.delete(file);
      rmSync(file, { force: true });
    }
  }

  /** Idempotent. */
  async dispose(): Promise<void> {
    const directory = await this.#directory?.catch(() => undefined);
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }

  #makeDirectory(): Promise<string> {
    this.#directory ??= makeDirectory().catch((error: unknown) => {
      // The next who needs it tries again.
      this.#directory = undefined;
      throw error;
    });
    return this.#directory;
  }
}

/**
 * At once, and by the thread that starts all processes: one that is started while a file is open for writing has it open
 * too, until it is under way, and the system starts no file that somebody has open for writing (ETXTBSY).
 */
function writeExecutable(file: string, bytes: Uint8Array): void {
  const part = `${file}.part`;
  writeFileSync(part, bytes, { mode: 0o700 });
  renameSync(part, file);
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
