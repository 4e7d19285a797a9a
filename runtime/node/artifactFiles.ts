import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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
    this.#directory ??= mkdtemp(join(tmpdir(), 'nexdev-artifacts-'));
    const file = join(await this.#directory, `workload-${hash}`);
    await writeFile(file, bytes, { mode: 0o700 });
    return file;
  }
}
