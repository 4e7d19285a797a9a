import type { Protocol } from 'devtools-protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { CdpConnection } from './cdpConnection.ts';

export type RemoteObject = Protocol.Runtime.RemoteObject;

/** Which children are asked for; without a count, all. */
export interface Page {
  readonly filter?: 'indexed' | 'named' | undefined;
  readonly start?: number | undefined;
  readonly count?: number | undefined;
}

/** Something that unfolds: the one interface behind a `variablesReference`. */
export interface VariableContainer {
  /** Frame that it belongs to, where it belongs to one. */
  readonly frameId?: number;
  children(page: Page): Promise<DebugProtocol.Variable[]>;
  /** Gives a child another value and answers what it is then. Absent where nothing can be set. */
  set?(name: string, value: RemoteObject): Promise<RemoteObject>;
}

/** More elements than this are asked for page by page. */
export const pageThreshold = 100;

/** How a value is shown: everything of a DAP variable but its name. */
export type ShownValue = Omit<DebugProtocol.Variable, 'name'>;

/** What lives only as long as the stop, and what the console keeps longer. Also the names of CDP object groups. */
export type Lifetime = 'stop' | 'console';

export interface ShowOptions {
  /** Expression that gives the value, where there is one. */
  readonly evaluateName?: string | undefined;
  readonly lifetime?: Lifetime | undefined;
}

/** Makes values and containers visible to the client. */
export interface ValueViewer {
  readonly cdp: CdpConnection;
  show(value: RemoteObject, options?: ShowOptions): ShownValue;
  /** Answers the container's `variablesReference`. */
  add(container: VariableContainer, lifetime?: Lifetime): number;
}

/** Number of elements; 0 for what is no array. V8 describes them as `Array(3)` and `Uint8Array(3)`. */
export function arrayLength({ subtype, description = '' }: RemoteObject): number {
  if (subtype !== 'array' && subtype !== 'typedarray') return 0;
  return Number(/\((\d+)\)$/.exec(description)?.[1] ?? 0);
}
