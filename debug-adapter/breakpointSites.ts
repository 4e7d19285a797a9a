import type { Protocol } from 'devtools-protocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { AdapterHost } from './adapterHost.ts';
import type { Breakpoint } from './breakpoint.ts';
import type { CdpConnection } from './cdpConnection.ts';
import type { RunningScript } from './runningScript.ts';
import type { Position } from './sourceMap.ts';

/** All breakpoints at one position of the script: V8 takes only one there. */
interface Site {
  readonly position: Position;
  readonly members: Breakpoint[];
  cdpId: string | undefined;
}

/** V8's side of the breakpoints. */
export class BreakpointSites {
  readonly #host: AdapterHost;
  readonly #onMoved: (members: readonly Breakpoint[], position: Position) => void;
  readonly #sites = new Map<string, Site>();

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

  /** The breakpoints behind what V8 calls hit. */
  hit(cdpIds: readonly string[]): Breakpoint[] {
    return cdpIds.flatMap((id) => this.#find(id)?.members ?? []);
  }

  /** Another isolate, which has none yet. */
  clear(): void {
    this.#sites.clear();
  }

  /** Makes V8's breakpoints these. Without an agent nothing is done: the next one is given them all. */
  async synchronise(breakpoints: readonly Breakpoint[], script: RunningScript): Promise<void> {
    try {
      await this.#exchange(groupBySite(breakpoints), script);
    } catch (error) {
      if (!(error instanceof NexError && error.code === 'inspector-closed')) throw error;
    }
  }

  async #exchange(wanted: ReadonlyMap<string, Site>, script: RunningScript): Promise<void> {
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
      await this.#bind(site, script);
    }
  }

  async #bind(site: Site, script: RunningScript): Promise<void> {
    const { line, column } = site.position;
    const { breakpointId } = await this.#host.cdp.send('Debugger.setBreakpointByUrl', {
      url: script.url,
      lineNumber: line,
      columnNumber: column,
      condition: siteCondition(site, script),
    });
    site.cdpId = breakpointId;
  }

  /** V8 may put it elsewhere than foretold. */
  #resolved(
    site: Site,
    { lineNumber: line, columnNumber: column = 0 }: Protocol.Debugger.Location,
  ) {
    if (line === site.position.line && column === site.position.column) return;
    this.#onMoved(site.members, { line, column });
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
    const key = `${position.line}:${position.column}`;
    const site = sites.get(key) ?? { position, members: [], cdpId: undefined };
    site.members.push(breakpoint);
    sites.set(key, site);
  }
  return sites;
}

const sameMembers = (a: readonly Breakpoint[], b: readonly Breakpoint[]) =>
  a.length === b.length && a.every((member, index) => member === b[index]);

/**
 * V8 evaluates this at each hit: true where any member may want to act. An error counts as true, so that the adapter
 * hears of it and can say it.
 */
function siteCondition({ members, position }: Site, script: RunningScript): string {
  if (members.some(({ condition }) => condition === undefined)) return '';
  const own = members.map(({ condition = '' }) => script.expressionAt(position, condition));
  const any = own.map((condition) => `(${condition}\n)`).join(' || ');
  return `(() => { try { return !!(${any}); } catch { return true; } })()`;
}
