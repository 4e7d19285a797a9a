import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Stands for every name in a folder; no file is called so. */
const anyName = '/';

/**
 * Notices changes of a growing set of files. It watches their folders, so that a save by rename, which gives the file
 * a new inode, is a change like any other. A change between the moment somebody read a file and the moment it is
 * watched is not lost either: each folder that is new to the watch counts as changed once.
 */
export class FileWatch {
  readonly #names = new Map<string, Set<string>>();
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #quietMs: number;
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.close();
  #isClosed = false;
  #isDue = false;
  #timer: NodeJS.Timeout | undefined;
  #wake: () => void = () => undefined;

  /** @param quietMs how long nothing must have happened: files are written in several steps, and several at once */
  constructor(quietMs: number, signal: AbortSignal) {
    this.#quietMs = quietMs;
    this.#signal = signal;
    if (signal.aborted) this.#isClosed = true;
    signal.addEventListener('abort', this.#onAbort);
  }

  add(files: string[]): void {
    if (this.#isClosed) return;
    for (const file of files) this.#addFile(dirname(file), basename(file));
  }

  /** Whatever happens directly in these folders is a change from now on. */
  addFolders(folders: string[]): void {
    if (this.#isClosed) return;
    for (const folder of folders) this.#addFile(folder, anyName);
  }

  /** Resolves true once something has changed and it has been quiet for a while, false when it is closed. */
  async nextChange(): Promise<boolean> {
    if (!this.#isClosed && !this.#isDue) {
      await new Promise<void>((wake) => (this.#wake = wake));
    }
    this.#isDue = false;
    return !this.#isClosed;
  }

  /** Whether something changes within this time; the change is still `nextChange`'s to report. */
  async changesWithin(ms: number): Promise<boolean> {
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(over.resolve, ms);
    this.#wake = over.resolve;
    if (!this.isChanging && !this.#isClosed) await over.promise;
    clearTimeout(timer);
    return this.isChanging;
  }

  /** Whether something has changed that `nextChange` has not reported yet. */
  get isChanging(): boolean {
    return this.#isDue || this.#timer !== undefined;
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#signal.removeEventListener('abort', this.#onAbort);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    this.#wake();
  }

  #addFile(directory: string, name: string): void {
    const names = this.#names.get(directory) ?? new Set();
    this.#names.set(directory, names);
    const isNew = !names.has(name) || !this.#watchers.has(directory);
    names.add(name);
    if (!this.#watchers.has(directory)) this.#watchDirectory(directory, names);
    if (isNew) this.#noteChange();
  }

  #watchDirectory(directory: string, names: Set<string>): void {
    try {
      const watcher = watch(directory, (_, name) => {
        if (name === null || names.has(name) || names.has(anyName)) this.#noteChange();
      });
      // A folder that goes away is no end: the next build says what is wrong, the one after it watches again.
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(directory);
        this.#noteChange();
      });
      this.#watchers.set(directory, watcher);
    } catch {
      // The folder is gone or may not be read; the build that follows says so.
    }
  }

  #noteChange(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#isDue = true;
      this.#wake();
    }, this.#quietMs);
  }
}
