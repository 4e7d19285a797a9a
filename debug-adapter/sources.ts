import { readFile, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { SourceRecord } from '../runtime/protocol/sources.ts';
import { RunningScript } from './runningScript.ts';

/**
 * The files of the version that runs. The text that runs is the source record's; where the file on disk reads
 * differently by now, the record's text is shown in its place, so that no line is ever shown that does not run.
 */
export class Sources {
  readonly program: string;
  readonly script: RunningScript;
  readonly #contents: ReadonlyMap<string, string>;
  readonly #lines = new Map<string, string[]>();
  readonly #references = new Map<number, string>();

  constructor({ program, scriptUrl, sources, map, script }: SourceRecord) {
    this.program = program;
    this.#contents = new Map(sources.map(({ url, content }) => [url, content]));
    const text = script ?? this.#contents.get(scriptUrl);
    if (text === undefined) {
      throw new NexError('no-source-record', `The text of ${program} that runs is not stored.`, {
        remedy: 'Deploy it again.',
      });
    }
    const lineOf = (url: string, line: number) => this.#linesOf(url)[line] ?? '';
    this.script = new RunningScript(scriptUrl, text, map, lineOf);
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
    if (!isFileUrl(url)) return this.#reference(url, url);
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

  /** Text behind a `sourceReference`. */
  text(reference: number): string {
    const url = this.#references.get(reference);
    const text = url === undefined ? undefined : this.#contents.get(url);
    if (text !== undefined) return text;
    throw new NexError('source-gone', 'This source belongs to a version that no longer runs.');
  }

  urlOfReference(reference: number): string | undefined {
    return this.#references.get(reference);
  }

  #linesOf(url: string): string[] {
    const lines = this.#lines.get(url) ?? this.#contents.get(url)?.split('\n') ?? [];
    this.#lines.set(url, lines);
    return lines;
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

const isFileUrl = (url: string) => url.startsWith('file:');

/** Editors and tools name the same file through links, and on Windows in any case. */
async function canonicalPath(path: string): Promise<string> {
  const real = await realpath(path).catch(() => path);
  return process.platform === 'win32' ? real.toLowerCase() : real;
}
