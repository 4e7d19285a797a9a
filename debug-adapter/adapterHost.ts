import type { DebugProtocol } from '@vscode/debugprotocol';
import type { CdpConnection } from './cdpConnection.ts';

/** What the owner of a DAP concern may use of the session it is part of. */
export interface AdapterHost {
  /** The inspector; throws the NexError `inspector-closed` while there is none. */
  readonly cdp: CdpConnection;
  sendEvent(event: DebugProtocol.Event): void;
  /** A line for the debug console. */
  print(text: string, category?: OutputCategory): void;
  /** Runs what nobody waits for; a failure is printed, unless the agent is gone, which is told elsewhere. */
  inBackground(work: Promise<unknown>): void;
}

export type OutputCategory = 'console' | 'stdout' | 'stderr' | 'important';
