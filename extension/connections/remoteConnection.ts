import type { NatsConnection } from '@nats-io/transport-node';
import * as vscode from 'vscode';
import { connectNats } from '../../runtime/client/connectNats.ts';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import type { NatsTarget } from '../../runtime/client/natsTarget.ts';
import { watchConnection } from '../../runtime/protocol/connectionReports.ts';
import { explainNats } from '../../runtime/protocol/natsFailures.ts';
import { NexError, describeError, errorText } from '../../runtime/protocol/nexError.ts';
import type { Connection, ConnectedNats, ConnectionKind, ConnectionState } from './connection.ts';

export interface RemotePlace {
  readonly id: string;
  readonly kind: Exclude<ConnectionKind, 'local'>;
  readonly name: string;
  readonly place: string | undefined;
  /** Text of what it was made from: another is another connection. */
  readonly definition: string;
  /** Read for each attempt: contexts and passwords change. */
  readonly target: () => Promise<NatsTarget>;
}

/** A NATS of others. Nothing is ever started for it. */
export class RemoteConnection implements Connection {
  readonly id: string;
  readonly kind: RemotePlace['kind'];
  readonly name: string;
  readonly place: string | undefined;
  readonly definition: string;
  readonly target: RemotePlace['target'];
  readonly #changed = new vscode.EventEmitter<ConnectionState>();
  readonly onDidChange = this.#changed.event;
  #state: ConnectionState = { kind: 'disconnected' };
  #connecting: Promise<ConnectedNats> | undefined;
  /** Of the attempts that count: a disconnect meanwhile makes an attempt void. */
  #attempt = 0;

  constructor({ id, kind, name, place, definition, target }: RemotePlace) {
    this.id = id;
    this.kind = kind;
    this.name = name;
    this.place = place;
    this.definition = definition;
    this.target = target;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Throws `connection-failed`, for a context `context-failed`, or `cancelled` where it was disconnected meanwhile. */
  connect(): Promise<ConnectedNats> {
    if (this.#state.kind === 'connected') return Promise.resolve(this.#state.nats);
    return (this.#connecting ??= this.#connect(this.#attempt));
  }

  async disconnect(): Promise<void> {
    const { state } = this;
    this.#attempt += 1;
    this.#connecting = undefined;
    this.#enter({ kind: 'disconnected' });
    if (state.kind === 'connected') await state.nats.connection.close();
  }

  async dispose(): Promise<void> {
    await this.disconnect();
    this.#changed.dispose();
  }

  async #connect(attempt: number): Promise<ConnectedNats> {
    this.#enter({ kind: 'connecting' });
    try {
      const nats = await this.#open();
      if (attempt !== this.#attempt) {
        await nats.connection.close();
        throw new NexError('cancelled', 'Disconnected meanwhile.');
      }
      this.#enter({ kind: 'connected', nats });
      void this.#watch(nats);
      return nats;
    } catch (error) {
      if (attempt !== this.#attempt) throw error;
      const failure = this.#describe(error);
      this.#enter({ kind: 'disconnected', reason: describeError(failure) });
      throw failure;
    } finally {
      if (attempt === this.#attempt) this.#connecting = undefined;
    }
  }

  async #open(): Promise<ConnectedNats> {
    const [keys, target] = await Promise.all([readKeys(), this.target()]);
    const connection = await connectNats({ ...target, name: 'VS Code' });
    const url = connection.getServer();
    return { url, target, connection, keys, control: new ControlClient(connection) };
  }

  async #watch(nats: ConnectedNats): Promise<void> {
    void this.#awaitEnd(nats.connection);
    for await (const report of watchConnection(nats.connection)) {
      if (!this.#isCurrent(nats.connection)) return;
      if (report.type === 'lost') this.#enter({ kind: 'connected', nats, isLost: true });
      if (report.type === 'back') this.#enter({ kind: 'connected', nats });
    }
  }

  async #awaitEnd(connection: NatsConnection): Promise<void> {
    const error = await connection.closed();
    if (!this.#isCurrent(connection)) return;
    const reason = error === undefined ? {} : { reason: describeError(explainNats(error)) };
    this.#enter({ kind: 'disconnected', ...reason });
  }

  #isCurrent(connection: NatsConnection): boolean {
    return this.#state.kind === 'connected' && this.#state.nats.connection === connection;
  }

  #describe(error: unknown): NexError {
    const [code, remedy] =
      this.kind === 'own'
        ? ['connection-failed', 'Correct it with Nex: Edit Connection….']
        : ['context-failed', `Correct it with nats context edit ${this.name}.`];
    return new NexError(code, `${this.name}: ${errorText(error)}`, { remedy, cause: error });
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}
