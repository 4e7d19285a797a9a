import { basename } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { z } from 'zod';
import type { AdapterHost } from './adapterHost.ts';
import { Breakpoint, type BreakpointRequest } from './breakpoint.ts';
import { BreakpointSites } from './breakpointSites.ts';
import { BreakPlaces } from './breakPlaces.ts';
import type { CdpConnection } from './cdpConnection.ts';
import { parseInstructionReference } from './instructions.ts';
import type { setInstructionBreakpoints } from './requestArguments.ts';
import type { Position } from './sourceMap.ts';
import type { Sources } from './sources.ts';

/** Why a stop at the first statement was asked for. */
export type EntryReason = 'entry' | 'pause';

const entryId = 0;

/** The version that runs. */
interface Loaded {
  readonly sources: Sources;
  readonly places: BreakPlaces;
}

type InstructionRequest = z.infer<typeof setInstructionBreakpoints>['breakpoints'][number];

interface FileBreakpoints {
  /** Absent for those that are set by offset. */
  readonly source: DebugProtocol.Source | undefined;
  breakpoints: Breakpoint[];
}

/** Where the user wants to stop, and what V8 knows of it. Kept over invocations, versions and agents. */
export class Breakpoints {
  readonly #host: AdapterHost;
  readonly #files = new Map<string, FileBreakpoints>();
  readonly #sites: BreakpointSites;
  #loaded: Loaded | undefined;
  readonly #entryReasons = new Set<EntryReason>();
  #entry: Breakpoint | undefined;
  #lastId = entryId;
  /** Requests change V8's breakpoints one after another. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(host: AdapterHost) {
    this.#host = host;
    this.#sites = new BreakpointSites(host, (members, position) => this.#moved(members, position));
  }

  /**
   * Stops at the first statement of the function: in every invocation for `entry`, in the next one for `pause`.
   * False where that statement is not known.
   */
  stopAtEntry(reason: EntryReason): Promise<boolean> {
    return this.#inTurn(async () => {
      this.#entryReasons.add(reason);
      this.#placeEntry();
      await this.#synchronise();
      return this.#entry !== undefined;
    });
  }

  /** Why to stop at the first statement, where it is among what was hit. */
  async takeEntry(breakpoints: readonly Breakpoint[]): Promise<EntryReason | undefined> {
    if (this.#entry === undefined || !breakpoints.includes(this.#entry)) return undefined;
    const always = this.#entryReasons.has('entry');
    if (this.#entryReasons.delete('pause') && !always) {
      await this.#inTurn(async () => {
        this.#placeEntry();
        await this.#synchronise();
      });
    }
    return always ? 'entry' : 'pause';
  }

  /** Replaces a file's breakpoints; equal ones keep their ids and hit counts. */
  set(
    source: DebugProtocol.Source,
    requests: readonly BreakpointRequest[],
  ): Promise<DebugProtocol.Breakpoint[]> {
    return this.#replace(source.path ?? String(source.sourceReference), source, requests);
  }

  /** As `set`, for those that are set by the offset of an instruction. */
  setInstructions(requests: readonly InstructionRequest[]): Promise<DebugProtocol.Breakpoint[]> {
    const byOffset = requests.map(({ instructionReference, offset, ...conditions }) => {
      const base = parseInstructionReference(instructionReference);
      return { line: 0, instruction: base === undefined ? -1 : base + offset, ...conditions };
    });
    return this.#replace('instructions', undefined, byOffset);
  }

  /** A new version runs, or the same one in a new agent: everything is bound anew. */
  async load(sources: Sources): Promise<void> {
    await this.#inTurn(async () => {
      const { code } = sources;
      const locations = await code.breakLocations();
      const places = new BreakPlaces(locations, (position) => code.toSource(position));
      this.#loaded = { sources, places };
      this.#sites.clear();
      for (const file of this.#files.values()) {
        await this.#place(file);
        for (const breakpoint of file.breakpoints) this.#sendChanged(breakpoint, file.source);
      }
      this.#placeEntry();
      await this.#synchronise();
    });
  }

  attach(cdp: CdpConnection): void {
    this.#sites.attach(cdp);
  }

  /** The breakpoints at a place where V8 has stopped. */
  at(position: Position): readonly Breakpoint[] {
    return this.#sites.at(position);
  }

  /** Whether V8 may stop there for a breakpoint that was taken away. */
  isFormer(position: Position): boolean {
    return this.#sites.isFormer(position);
  }

  /** Places in a range of a file where a breakpoint can be. Lines and columns from 0, `end` exclusive. */
  async possible(
    source: DebugProtocol.Source,
    start: Position,
    end: Position,
  ): Promise<Position[]> {
    const url = await this.#urlOf(source);
    return url === undefined ? [] : (this.#loaded?.places.between(url, start, end) ?? []);
  }

  async #replace(
    key: string,
    source: DebugProtocol.Source | undefined,
    requests: readonly BreakpointRequest[],
  ): Promise<DebugProtocol.Breakpoint[]> {
    const before = this.#files.get(key)?.breakpoints ?? [];
    const breakpoints = requests.map(
      (request) => before.find((old) => old.isFor(request)) ?? this.#create(request),
    );
    const file = { source, breakpoints };
    this.#files.set(key, file);
    await this.#inTurn(async () => {
      await this.#place(file);
      await this.#synchronise();
    });
    return breakpoints.map((breakpoint) => breakpoint.describe(source));
  }

  #create(request: BreakpointRequest): Breakpoint {
    this.#lastId += 1;
    return new Breakpoint(this.#lastId, request);
  }

  #placeEntry(): void {
    this.#entry = undefined;
    if (this.#entryReasons.size === 0 || this.#loaded === undefined) return;
    const { sources, places } = this.#loaded;
    const start = sources.code.entry();
    const generated = start && places.firstGenerated(start);
    const place = generated && sources.code.toSource(generated);
    if (generated === undefined || place === undefined) return;
    this.#entry = new Breakpoint(entryId, place);
    this.#entry.put({ generated, ...place });
  }

  async #place({ source, breakpoints }: FileBreakpoints): Promise<void> {
    if (this.#loaded === undefined) return;
    const { sources, places } = this.#loaded;
    if (source === undefined) {
      for (const one of breakpoints) placeInstruction(one, this.#loaded);
      return;
    }
    const url = await this.#urlOf(source);
    for (const breakpoint of breakpoints) {
      const { line, column = 0 } = breakpoint.request;
      const wanted = { line, column };
      const place = url === undefined ? undefined : places.first(url, wanted, sources.code);
      if (place === undefined) breakpoint.putNowhere(noPlaceText(source, url, this.#loaded));
      else breakpoint.put(place);
    }
  }

  #urlOf({ path, sourceReference = 0 }: DebugProtocol.Source): Promise<string | undefined> {
    const sources = this.#loaded?.sources;
    if (sources === undefined) return Promise.resolve(undefined);
    if (sourceReference > 0) return Promise.resolve(sources.urlOfReference(sourceReference));
    return path === undefined ? Promise.resolve(undefined) : sources.findUrl(path);
  }

  async #synchronise(): Promise<void> {
    if (this.#loaded === undefined) return;
    const users = [...this.#files.values()].flatMap((file) => file.breakpoints);
    const all = this.#entry === undefined ? users : [this.#entry, ...users];
    await this.#sites.synchronise(all, this.#loaded.sources.code);
  }

  /** V8 has put breakpoints elsewhere than foretold. */
  #moved(members: readonly Breakpoint[], position: Position): void {
    const found = this.#loaded?.sources.code.toSource(position);
    if (found === undefined) return;
    for (const { source, breakpoints } of this.#files.values()) {
      for (const breakpoint of breakpoints.filter((one) => members.includes(one))) {
        breakpoint.put({ generated: breakpoint.place?.generated ?? position, ...found });
        this.#sendChanged(breakpoint, source);
      }
    }
  }

  #sendChanged(breakpoint: Breakpoint, source: DebugProtocol.Source | undefined): void {
    const body = { reason: 'changed', breakpoint: breakpoint.describe(source) };
    this.#host.sendEvent({ seq: 0, type: 'event', event: 'breakpoint', body });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function placeInstruction(breakpoint: Breakpoint, { sources, places }: Loaded): void {
  const { instruction = -1 } = breakpoint.request;
  const generated =
    sources.code.language === 'WebAssembly' && instruction >= 0
      ? places.firstGenerated({ line: 0, column: instruction })
      : undefined;
  const place = generated && sources.code.toSource(generated);
  if (generated === undefined || place === undefined) {
    breakpoint.putNowhere('No instruction of a WebAssembly module is here.');
  } else breakpoint.put({ generated, ...place });
}

function noPlaceText(
  { name, path }: DebugProtocol.Source,
  url: string | undefined,
  { sources, places }: Loaded,
): string {
  const file = path === undefined ? (name ?? 'This source') : basename(path);
  if (url === undefined) return `${file} is not part of ${basename(sources.program)}, which runs.`;
  return places.hasSource(url)
    ? `${file} has no code on this line or below it.`
    : `Nothing of ${file} is in what runs.`;
}
