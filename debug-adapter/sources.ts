import { readFile, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { SourceRecord } from '../runtime/protocol/sources.ts';
import { BundleMap, IdentityMap, type Position, type PositionMap } from './sourceMap.ts';
import { SourceSyntax } from './sourceSyntax.ts';

/** A place in a file as DAP shows it: lines and columns from 0, as CDP counts. */
export interface UiLocation extends Position {
  readonly source: DebugProtocol.Source;
}

/**
 * The files of the version that runs. The text that runs is the source record's; where the file on disk reads
 * differently by now, the record's text is shown in its place, so that no line is ever shown that does not run.
 */
export class Sources {
  readonly scriptUrl: string;
  /** URL of the file that the function was deployed from. */
  readonly programUrl: string;
  readonly #map: PositionMap;
  readonly #contents: ReadonlyMap<string, string>;
  readonly #syntaxes = new Map<string, SourceSyntax | undefined>();
  readonly #references = new Map<number, string>();

  constructor(record: SourceRecord) {
    this.scriptUrl = record.scriptUrl;
    this.programUrl = pathToFileURL(record.program).href;
    this.#contents = new Map(record.sources.map(({ url, content }) => [url, content]));
    this.#map =
      record.map === undefined
        ? new IdentityMap(record.scriptUrl)
        : new BundleMap(record.map, countLines(this.#contents));
  }

  /** The text that runs, where it is what was written. */
  get scriptText(): string | undefined {
    return this.#contents.get(this.scriptUrl);
  }

  /** Undefined for what a bundler added. */
  toSource(position: Position) {
    return this.#map.toSource(position);
  }

  toGenerated(url: string, position: Position): Position | undefined {
    return this.#map.toGenerated({ url, ...position });
  }

  /** Where `position` of the running script is in the user's files. */
  async locate(position: Position): Promise<UiLocation | undefined> {
    const found = this.#map.toSource(position);
    if (found === undefined) return undefined;
    return { line: found.line, column: found.column, source: await this.describe(found.url) };
  }

  /** Undefined for a source that is not known or cannot be read. */
  syntax(url: string): SourceSyntax | undefined {
    const text = this.#contents.get(url);
    if (text !== undefined && !this.#syntaxes.has(url)) {
      this.#syntaxes.set(url, SourceSyntax.parse(text));
    }
    return this.#syntaxes.get(url);
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

function countLines(contents: ReadonlyMap<string, string>): Map<string, number> {
  return new Map([...contents].map(([url, content]) => [url, content.split('\n').length]));
}

/** Editors and tools name the same file through links, and on Windows in any case. */
async function canonicalPath(path: string): Promise<string> {
  const real = await realpath(path).catch(() => path);
  return process.platform === 'win32' ? real.toLowerCase() : real;
}
