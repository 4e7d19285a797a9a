import * as vscode from 'vscode';
import { listNatsContexts, readNatsContext } from '../../runtime/client/natsContext.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';
import type { NodeLink } from '../node/nodeLink.ts';
import { natsOf, placeOf, type ConnectedNats, type Connection } from './connection.ts';
import type { OwnConnection, OwnConnections } from './ownConnections.ts';
import { RemoteConnection, type RemotePlace } from './remoteConnection.ts';

/** Every connection that this window can have: the local node, contexts of the `nats` CLI, and those that were added. */
export class Connections {
  readonly local: NodeLink;
  readonly own: OwnConnections;
  readonly #changed = new vscode.EventEmitter<Connection | undefined>();
  /** A connection that has changed; undefined where the list has. */
  readonly onDidChange = this.#changed.event;
  readonly #subscription: vscode.Disposable;
  #remote = new Map<string, RemoteConnection>();

  constructor(local: NodeLink, own: OwnConnections) {
    this.local = local;
    this.own = own;
    this.#subscription = vscode.Disposable.from(
      local.onDidChange(() => this.#changed.fire(local)),
      own.onDidChange(() => void this.refresh()),
      vscode.window.onDidChangeWindowState(({ focused }) => focused && void this.refresh()),
    );
  }

  /** The local one first, then contexts, then those that were added. */
  get all(): Connection[] {
    return [this.local, ...this.#remote.values()];
  }

  /** Throws `connection-gone`. */
  require(id: string): Connection {
    const found = this.all.find((connection) => connection.id === id);
    if (found !== undefined) return found;
    throw new NexError('connection-gone', 'That connection is no longer in the list.', {
      remedy: 'Refresh the view Nodes.',
    });
  }

  /** The connection of this id or name, where a person wrote it down. Throws `no-connection`. */
  async find(text: string): Promise<Connection> {
    await this.refresh();
    const found = this.all.find(({ id, name }) => id === text || name === text);
    if (found !== undefined) return found;
    throw new NexError('no-connection', `There is no connection ${text}.`, {
      remedy: `Those there are: ${this.all.map(({ name }) => name).join(', ')}.`,
    });
  }

  /** The NATS on which something was seen. Throws `not-connected` where that is over. */
  requireNats(id: string): ConnectedNats {
    const connection = this.require(id);
    const nats = natsOf(connection);
    if (nats !== undefined) return nats;
    throw new NexError('not-connected', `${connection.name} is not connected.`, {
      remedy: 'Connect it in the view Nodes.',
    });
  }

  /** Reads anew which there are; a connection whose definition is as before stays as it is. */
  async refresh(): Promise<void> {
    const places = [...(await readContexts()), ...this.#ownPlaces()];
    const before = this.#remote;
    this.#remote = new Map(
      places.map((place) => {
        const known = before.get(place.id);
        return [place.id, known?.definition === place.definition ? known : this.#create(place)];
      }),
    );
    const gone = [...before.values()].filter((one) => this.#remote.get(one.id) !== one);
    if (gone.length > 0 || this.#remote.size !== before.size) this.#changed.fire(undefined);
    await Promise.all(gone.map((one) => one.dispose()));
  }

  async dispose(): Promise<void> {
    this.#subscription.dispose();
    await Promise.all([...this.#remote.values()].map((one) => one.dispose()));
    await this.local.dispose();
    this.#changed.dispose();
  }

  #ownPlaces(): RemotePlace[] {
    return this.own.list().map((one) => ({
      id: ownConnectionId(one),
      kind: 'own',
      name: one.name,
      place: placeOf(one.url),
      definition: JSON.stringify(one),
      target: () => this.own.target(one),
    }));
  }

  #create(place: RemotePlace): RemoteConnection {
    const connection = new RemoteConnection(place);
    connection.onDidChange(() => this.#changed.fire(connection));
    return connection;
  }
}

/** Id of the connection that a definition describes. */
export const ownConnectionId = ({ id }: Pick<OwnConnection, 'id'>) => `own:${id}`;

async function readContexts(): Promise<RemotePlace[]> {
  const names = await listNatsContexts();
  return Promise.all(
    names.map(async (name): Promise<RemotePlace> => {
      const place = await placeOfContext(name);
      const target = () => readNatsContext(name);
      return {
        id: `context:${name}`,
        kind: 'context',
        name,
        place,
        definition: `${place}`,
        target,
      };
    }),
  );
}

/** One that cannot be read says why when it is connected to. */
async function placeOfContext(name: string): Promise<string | undefined> {
  const { server } = await readNatsContext(name).catch(() => ({ server: undefined }));
  return server === undefined ? undefined : placeOf(server);
}
