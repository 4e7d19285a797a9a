import type { NatsConnection } from '@nats-io/transport-node';
import type * as vscode from 'vscode';
import type { ControlClient } from '../../runtime/client/controlClient.ts';
import type { Keys } from '../../runtime/client/keys.ts';
import type { NatsTarget } from '../../runtime/client/natsTarget.ts';

/** A NATS that we are connected to, and who we are to the nodes there. */
export interface ConnectedNats {
  readonly url: string;
  /** How another process connects there. */
  readonly target: NatsTarget;
  readonly connection: NatsConnection;
  readonly keys: Keys;
  readonly control: ControlClient;
}

export type ConnectionState<Nats extends ConnectedNats = ConnectedNats> =
  | { kind: 'disconnected'; /** Where it failed or was ended by the server. */ reason?: string }
  | { kind: 'connecting' }
  | {
      kind: 'connected';
      nats: Nats;
      /** Lost for now; it comes back by itself. */ isLost?: boolean;
    };

/** This machine's own node, a context of the `nats` CLI, or one that the person added. */
export type ConnectionKind = 'local' | 'context' | 'own';

/** Id of the one connection that is always there. */
export const localConnectionId = 'local';

/** A place where nodes are: a root of the tree, and what commands are given to. */
export interface Connection {
  /** Stable over windows and restarts. */
  readonly id: string;
  readonly kind: ConnectionKind;
  readonly name: string;
  /** Host and port, where they are known before there is a connection. */
  readonly place: string | undefined;
  readonly state: ConnectionState;
  readonly onDidChange: vscode.Event<unknown>;
  /** Connects where it is not yet; callers at once share it. Only the local one may start a node for that. */
  connect(): Promise<ConnectedNats>;
  /** Idempotent. */
  disconnect(): Promise<void>;
}

export const natsOf = ({ state }: Connection): ConnectedNats | undefined =>
  state.kind === 'connected' ? state.nats : undefined;

/** Host and port of a NATS URL: who logs in is nobody's to read. */
export function placeOf(url: string): string {
  const last = url.split(',')[0] ?? url;
  return last
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/^[^/@]*@/, '');
}
