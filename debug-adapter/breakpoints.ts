import type { Protocol } from 'devtools-protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { AdapterHost } from './adapterHost.ts';
import { Breakpoint, type BreakpointPlace, type BreakpointRequest } from './breakpoint.ts';
import { BreakLocations } from './breakLocations.ts';
import type { CdpConnection } from './cdpConnection.ts';
import type { Position } from './sourceMap.ts';
import { withGlobalThis } from './sourceSyntax.ts';
import type { Sources } from './sources.ts';

/** Why a stop at the first statement was asked for. */
export type EntryReason = 'entry' | 'pause';

const entryId = 0;

/** All breakpoints at one position of the script: V8 takes only one there. */
interface Site {
  readonly position: Position;
  readonly members: Breakpoint[];
  cdpId: string | undefined;
}

interface FileBreakpoints {
  readonly source: DebugProtocol.Source;
  breakpoints: Breakpoint[];
}

/** Where the user wants to stop, and what V8 knows of it. Kept over invocations, versions and agents. */
export class Breakpoints implements Disposable {
  readonly #host: AdapterHost;
  readonly #files = new Map<string, FileBreakpoints>();
  readonly #sites = new Map<string, Site>();
  #sources: Sources | undefined;
  #locations: BreakLocations | undefined;
  readonly #entryReasons = new Set<EntryReason>();
  #entry: Breakpoint | undefined;
  #lastId = entryId;
  /** Requests change V8's breakpoints one after another. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(host: AdapterHost) {
    this.#host = host;
  }

  /**
   * Stops at the first statement of the function: in every invocation for `entry`, in the next one for `pause`.
   * False where that statement is not known.
   */
  stopAtEntry(reason: EntryReason): Promise<boolean> {
    return this.#inTurn(async () => {
      this.#entryReasons.add(reason);
      await this.#placeEntry();
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
        await this.#placeEntry();
        await this.#synchronise();
      });
    }
    return always ? 'entry' : 'pause';
  }

  /** Replaces a file's breakpoints; equal ones keep their ids and hit counts. */
  async set(
    source: DebugProtocol.Source,
    requests: readonly BreakpointRequest[],
  ): Promise<DebugProtocol.Breakpoint[]> {
    const key = source.path ?? String(source.sourceReference);
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

  /** A new version runs, or the same one in a new agent: everything is bound anew. */
  async load(sources: Sources): Promise<void> {
    await this.#inTurn(async () => {
      this.#sources = sources;
      this.#locations?.[Symbol.dispose]();
      const text = sources.scriptText;
      this.#locations = text === undefined ? undefined : new BreakLocations(text);
      this.#sites.clear();
      for (const file of this.#files.values()) {
        await this.#place(file);
        this.#announce(file);
      }
      await this.#placeEntry();
      await this.#synchronise();
    });
  }

  /** Follows what V8 says of a script once it has it. */
  attach(cdp: CdpConnection): void {
    cdp.on('Debugger.breakpointResolved', ({ breakpointId, location }) => {
      const site = this.#findSite(breakpointId);
      if (site !== undefined) this.#resolved(site, location);
    });
  }

  /** The breakpoints behind what V8 calls hit. */
  hit(cdpIds: readonly string[]): Breakpoint[] {
    return cdpIds.flatMap((id) => this.#findSite(id)?.members ?? []);
  }

  /** Places in a range of a file where a breakpoint can be. Lines and columns from 0, `end` exclusive. */
  async possible(
    source: DebugProtocol.Source,
    start: Position,
    end: Position,
  ): Promise<Position[]> {
    const url = await this.#urlOf(source);
    if (url === undefined) return [];
    if (this.#locations !== undefined) return this.#locations.between(start, end);
    const found: Position[] = [];
    for (let line = start.line; line < end.line; line += 1) {
      const at = await this.#find(url, { line, column: 0 });
      if (at?.line === line) found.push({ line, column: at.column });
    }
    return found;
  }

  [Symbol.dispose](): void {
    this.#locations?.[Symbol.dispose]();
    this.#locations = undefined;
  }

  #create(request: BreakpointRequest): Breakpoint {
    this.#lastId += 1;
    return new Breakpoint(this.#lastId, request);
  }

  async #placeEntry(): Promise<void> {
    this.#entry = undefined;
    const sources = this.#sources;
    if (this.#entryReasons.size === 0 || sources === undefined) return;
    const { programUrl } = sources;
    const start = sources.syntax(programUrl)?.handlerStart();
    const place = start && (await this.#find(programUrl, start));
    if (place === undefined) return;
    this.#entry = new Breakpoint(entryId, place);
    this.#entry.place = place;
  }

  async #place({ source, breakpoints }: FileBreakpoints): Promise<void> {
    const url = await this.#urlOf(source);
    for (const breakpoint of breakpoints) {
      const { line, column = 0 } = breakpoint.request;
      breakpoint.place =
        url === undefined || breakpoint.fault !== undefined
          ? undefined
          : await this.#find(url, { line, column });
    }
  }

  async #find(url: string, wanted: Position): Promise<BreakpointPlace | undefined> {
    const sources = this.#sources;
    const start = sources?.toGenerated(url, wanted);
    if (sources === undefined || start === undefined) return undefined;
    const generated =
      this.#locations === undefined ? start : (await this.#locations.between(start))[0];
    // Past the end V8 gives the last place of the script.
    if (generated === undefined || generated.line < start.line) return undefined;
    const found = sources.toSource(generated);
    return found === undefined ? undefined : { generated, ...found };
  }

  #urlOf(source: DebugProtocol.Source): Promise<string | undefined> {
    const sources = this.#sources;
    const { path, sourceReference = 0 } = source;
    if (sourceReference > 0) return Promise.resolve(sources?.urlOfReference(sourceReference));
    return path === undefined || sources === undefined
      ? Promise.resolve(undefined)
      : sources.findUrl(path);
  }

  /** Makes V8's breakpoints those that the user's ask for. Without an agent, `load` does it for the next one. */
  async #synchronise(): Promise<void> {
    try {
      if (this.#sources !== undefined) await this.#exchange(this.#sources);
    } catch (error) {
      if (!(error instanceof NexError && error.code === 'inspector-closed')) throw error;
    }
  }

  async #exchange(sources: Sources): Promise<void> {
    const wanted = this.#wantedSites();
    for (const [key, site] of this.#sites) {
      const same = wanted.get(key);
      if (same !== undefined && sameMembers(same.members, site.members)) continue;
      this.#sites.delete(key);
      if (site.cdpId !== undefined) {
        await this.#host.cdp.send('Debugger.removeBreakpoint', { breakpointId: site.cdpId });
      }
    }
    for (const [key, site] of wanted) {
      if (this.#sites.has(key)) continue;
      this.#sites.set(key, site);
      await this.#bind(site, sources);
    }
  }

  #wantedSites(): Map<string, Site> {
    const wanted = new Map<string, Site>();
    const users = [...this.#files.values()].flatMap((file) => file.breakpoints);
    for (const breakpoint of this.#entry === undefined ? users : [this.#entry, ...users]) {
      const position = breakpoint.place?.generated;
      if (position === undefined) continue;
      const key = `${position.line}:${position.column}`;
      const site = wanted.get(key) ?? { position, members: [], cdpId: undefined };
      site.members.push(breakpoint);
      wanted.set(key, site);
    }
    return wanted;
  }

  async #bind(site: Site, sources: Sources): Promise<void> {
    const { line, column } = site.position;
    const place = site.members[0]?.place;
    const syntax = place === undefined ? undefined : sources.syntax(place.url);
    const globalThisHere = place !== undefined && syntax?.hasGlobalThis(place) === true;
    const { breakpointId } = await this.#host.cdp.send('Debugger.setBreakpointByUrl', {
      url: sources.scriptUrl,
      lineNumber: line,
      columnNumber: column,
      condition: siteCondition(site.members, globalThisHere),
    });
    site.cdpId = breakpointId;
  }

  /** V8 may put it elsewhere than foretold. */
  #resolved(
    site: Site,
    { lineNumber: line, columnNumber: column = 0 }: Protocol.Debugger.Location,
  ) {
    if (line === site.position.line && column === site.position.column) return;
    const found = this.#sources?.toSource({ line, column });
    if (found === undefined) return;
    for (const { source, breakpoints } of this.#files.values()) {
      for (const breakpoint of breakpoints.filter((one) => site.members.includes(one))) {
        breakpoint.place = { generated: site.position, ...found };
        this.#sendChanged(breakpoint, source);
      }
    }
  }

  #announce({ source, breakpoints }: FileBreakpoints): void {
    for (const breakpoint of breakpoints) this.#sendChanged(breakpoint, source);
  }

  #sendChanged(breakpoint: Breakpoint, source: DebugProtocol.Source): void {
    const body = { reason: 'changed', breakpoint: breakpoint.describe(source) };
    this.#host.sendEvent({ seq: 0, type: 'event', event: 'breakpoint', body });
  }

  #findSite(cdpId: string): Site | undefined {
    return [...this.#sites.values()].find((site) => site.cdpId === cdpId);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

const sameMembers = (a: readonly Breakpoint[], b: readonly Breakpoint[]) =>
  a.length === b.length && a.every((member, index) => member === b[index]);

/**
 * V8 evaluates this at each hit: true where any member may want to act. An error counts as true, so that the adapter
 * hears of it and can say it.
 */
function siteCondition(members: readonly Breakpoint[], globalThisHere: boolean): string {
  if (members.some(({ condition }) => condition === undefined)) return '';
  const own = members.map(({ condition = '' }) =>
    globalThisHere ? withGlobalThis(condition) : condition,
  );
  const any = own.map((condition) => `(${condition}\n)`).join(' || ');
  return `(() => { try { return !!(${any}); } catch { return true; } })()`;
}
