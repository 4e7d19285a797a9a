import { readFile, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { RunningModule } from './runningModule.ts';
import type { RunningScript } from './runningScript.ts';

/**
 * The files of the version that runs. The text that runs is the source record's; where the file on disk reads
 * differently by now, the record's text is shown in its place, so that no line is ever shown that does not run.
 */
export class Sources {
  readonly program: string;
  readonly code: RunningScript | RunningModule;
  readonly #contents: ReadonlyMap<string, string>;
  readonly #references = new Map<number, string>();

  constructor(program: string, code: Sources['code'], contents: ReadonlyMap<string, string>) {
    this.program = program;
    this.code = code;
    this.#contents = contents;
  }

  /** URL of the record's source that a client's file is, also by another way to it or in another case. */
  async findUrl(path: string): Promise<string | undefined> {
    const direct = pathToFileURL(path).href;
    if (this.#contents.has(direct)) return direct;
    const wanted = await canonicalPath(path);
    for (const url of this.#contents.keys()) {
      if (isFileUrl(url) && (await canonicalPath(fileURLToPath(url))) === wanted) return url;
    }
    return undefined;
  }

  async describe(url: string): Promise<DebugProtocol.Source> {
    if (!isFileUrl(url)) return this.#reference(url, this.#moduleName);
    const path = fileURLToPath(url);
    if (await this.#isOnDisk(url, path)) return { name: basename(path), path };
    return {
      ...this.#reference(url, `${basename(path)} (as it runs)`),
      origin: 'the version that runs; the file on disk differs',
    };
  }

  all(): Promise<DebugProtocol.Source[]> {
    return Promise.all([...this.#contents.keys()].map((url) => this.describe(url)));
  }

  /** A module has no file with its text. */
  get #moduleName(): string {
    return `${basename(this.program, '.wasm')}.wat`;
  }

  /** Text behind a `sourceReference`. */
  text(reference: number): DebugProtocol.SourceResponse['body'] {
    const url = this.#references.get(reference) ?? '';
    const content = this.#contents.get(url);
    if (content !== undefined) return { content, mimeType: mimeType(url) };
    throw new NexError('source-gone', 'This source belongs to a version that no longer runs.');
  }

  urlOfReference(reference: number): string | undefined {
    return this.#references.get(reference);
  }

  async #isOnDisk(url: string, path: string): Promise<boolean> {
    const content = this.#contents.get(url);
    if (content === undefined) return true;
    return (await readFile(path, 'utf8').catch(() => undefined)) === content;
  }

  #reference(url: string, name: string): DebugProtocol.Source {
    const known = [...this.#references].find(([, other]) => other === url)?.[0];
    const sourceReference = known ?? this.#references.size + 1;
    this.#references.set(sourceReference, url);
    return { name, sourceReference };
  }
}

function mimeType(url: string): string {
  if (!isFileUrl(url)) return 'text/x-wat';
  return /\.[cm]?ts$/.test(url) ? 'text/typescript' : 'text/javascript';
}

const isFileUrl = (url: string) => url.startsWith('file:');

/** Editors and tools name the same file through links, and on Windows in any case. */
async function canonicalPath(path: string): Promise<string> {
  const real = await realpath(path).catch(() => path);
  return process.platform === 'win32' ? real.toLowerCase() : real;
}
