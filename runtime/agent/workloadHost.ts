import type { NatsConnection } from '@nats-io/transport-node';
import type { ToAgent } from '../protocol/agentPipe.ts';
import type { Received } from '../protocol/handOver.ts';
import type { DebuggerAddress } from '../protocol/serviceDebugger.ts';

/** What an agent has loaded: a function or a service. */
export interface WorkloadHost {
  /** CDP end of a function. */
  readonly inspectorUrl?: string;
  /** Where a service waits for its debugger's client. */
  readonly debugger?: DebuggerAddress | undefined;
  /** From here on messages reach a function (to be held, where there is a `marker`), and the end of a service is told. */
  subscribe(marker: string | undefined): Promise<void>;
  /** See `protocol/handOver.ts`. */
  record(marker: string | undefined): Promise<void>;
  forget(received: Received): Promise<void>;
  release(): void;
  replay(request: Extract<ToAgent, { type: 'replay' }>): Promise<void>;
  /** Finishes what there is, for `graceMs` at most; nothing is left to say when it resolves. */
  stop(graceMs: number): Promise<void>;
  /** After `stop`, where the process goes on. */
  dispose?(): void;
}

export interface Connections {
  /** For triggers and host services. */
  readonly connection: NatsConnection;
  /** For events and logs; the same one, or the node's own. */
  readonly nodeConnection: NatsConnection;
}
