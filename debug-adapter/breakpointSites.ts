import type { Protocol } from 'devtools-protocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { AdapterHost } from './adapterHost.ts';
import type { Breakpoint } from './breakpoint.ts';
import type { CdpConnection } from './cdpConnection.ts';
import type { CodeQuestions } from './runningCode.ts';
import type { Position } from './sourceMap.ts';

/** All breakpoints at one position of the script: V8 takes only one there. */
interface Site {
  readonly position: Position;
  readonly members: Breakpoint[];
  cdpId: string | undefined;
  /** Where V8 has put it. */
  actual: Position;
}

/**
 * V8's side of the breakpoints. isolated-vm enters the isolate from ever new threads, and V8 counts its breakpoints per thread:
 * several get the same number, a hit is reported under another's id, and a removal takes another away. So hits are told apart
 * by their place, a removal sets all anew, and what is left over is known by where there once was one.
 */
export class BreakpointSites {
  readonly #host: AdapterHost;
  readonly #onMoved: (members: readonly Breakpoint[], position: Position) => void;
  readonly #sites = new Map<string, Site>();
  /** Places of this isolate that ever had a breakpoint. */
  readonly #former = new Set<string>();

  /** @param onMoved told where V8 puts breakpoints elsewhere than they were asked for */
  constructor(
    host: AdapterHost,
    onMoved: (members: readonly Breakpoint[], position: Position) => void,
  ) {
    this.#host = host;
    this.#onMoved = onMoved;
  }

  /** Follows what V8 says of a script once it has it. */
  attach(cdp: CdpConnection): void {
    cdp.on('Debugger.breakpointResolved', ({ breakpointId, location }) => {
      const site = this.#find(breakpointId);
      if (site !== undefined) this.#resolved(site, location);
    });
  }

  /** The breakpoints at a place where V8 has stopped. */
  at(position: Position): readonly Breakpoint[] {
    const key = keyOf(position);
    return [...this.#sites.values()].find(({ actual }) => keyOf(actual) === key)?.members ?? [];
  }

  /** Whether V8 may stop there for a breakpoint that was taken away. */
  isFormer(position: Position): boolean {
    return this.#former.has(keyOf(position));
  }

  /** Another isolate, which has none yet. */
  clear(): void {
    this.#sites.clear();
    this.#former.clear();
  }

  /** Makes V8's breakpoints these. Without an agent nothing is done: the next one is given them all. */
  async synchronise(breakpoints: readonly Breakpoint[], code: CodeQuestions): Promise<void> {
    try {
      await this.#exchange(groupBySite(breakpoints), code);
    } catch (error) {
      if (!(error instanceof NexError && error.code === 'inspector-closed')) throw error;
    }
  }

  async #exchange(wanted: ReadonlyMap<string, Site>, code: CodeQuestions): Promise<void> {
    const isKept = ([key, site]: [string, Site]) =>
      sameMembers(wanted.get(key)?.members ?? [], site.members);
    if (![...this.#sites].every(isKept)) await this.#removeAll();
    for (const [key, site] of wanted) {
      if (this.#sites.has(key)) continue;
      this.#sites.set(key, site);
      await this.#bind(site, code);
    }
  }

  async #removeAll(): Promise<void> {
    const sites = [...this.#sites.values()];
    this.#sites.clear();
    for (const { cdpId } of sites) {
      if (cdpId === undefined) continue;
      await this.#host.cdp.send('Debugger.removeBreakpoint', { breakpointId: cdpId });
    }
  }

  async #bind(site: Site, code: CodeQuestions): Promise<void> {
    const { line, column } = site.position;
    const { breakpointId, locations } = await this.#host.cdp.send('Debugger.setBreakpointByUrl', {
      url: code.url,
      lineNumber: line,
      columnNumber: column,
      condition: siteCondition(site, code),
    });
    site.cdpId = breakpointId;
    const [bound] = locations;
    if (bound === undefined) this.#former.add(keyOf(site.position));
    else this.#resolved(site, bound);
  }

  /** V8 may put it elsewhere than foretold. */
  #resolved(
    site: Site,
    { lineNumber: line, columnNumber: column = 0 }: Protocol.Debugger.Location,
  ) {
    site.actual = { line, column };
    this.#former.add(keyOf(site.actual));
    if (keyOf(site.actual) !== keyOf(site.position)) this.#onMoved(site.members, site.actual);
  }

  #find(cdpId: string): Site | undefined {
    return [...this.#sites.values()].find((site) => site.cdpId === cdpId);
  }
}

function groupBySite(breakpoints: readonly Breakpoint[]): Map<string, Site> {
  const sites = new Map<string, Site>();
  for (const breakpoint of breakpoints) {
    const position = breakpoint.place?.generated;
    if (position === undefined) continue;
    const key = keyOf(position);
    const site: Site = sites.get(key) ?? {
      position,
      members: [],
      cdpId: undefined,
      actual: position,
    };
    site.members.push(breakpoint);
    sites.set(key, site);
  }
  return sites;
}

const keyOf = ({ line, column }: Position) => `${line}:${column}`;

const sameMembers = (a: readonly Breakpoint[], b: readonly Breakpoint[]) =>
  a.length === b.length && a.every((member, index) => member === b[index]);

/**
 * V8 evaluates this at each hit: true where any member may want to act. An error counts as true, so that the adapter
 * hears of it and can say it.
 */
function siteCondition({ members, position }: Site, code: CodeQuestions): string {
  if (members.some(({ condition }) => condition === undefined)) return '';
  const own = members.map(({ condition = '' }) => code.expressionAt(position, condition));
  const any = own.map((condition) => `(${condition}\n)`).join(' || ');
  return `(() => { try { return !!(${any}); } catch { return true; } })()`;
}
