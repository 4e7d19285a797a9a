import type * as vscode from 'vscode';
import { z } from 'zod';
import type { NatsTarget } from '../../runtime/client/natsTarget.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';

const loginSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('user'), user: z.string() }),
  z.object({ kind: z.literal('token') }),
  z.object({ kind: z.literal('creds'), file: z.string() }),
  z.object({ kind: z.literal('nkey'), file: z.string() }),
]);
export type Login = z.infer<typeof loginSchema>;

/** What few connections need, in the words of `NatsTarget`; certificates and keys are paths of files. */
const detailsSchema = z.object({
  tlsca: z.string().optional(),
  tlscert: z.string().optional(),
  tlskey: z.string().optional(),
  tlsfirst: z.boolean().optional(),
  jsdomain: z.string().optional(),
});
export type ConnectionDetails = z.infer<typeof detailsSchema>;

/** A connection that the person added; its password or token lies elsewhere. */
const ownConnectionSchema = detailsSchema.extend({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  login: loginSchema,
});
export type OwnConnection = z.infer<typeof ownConnectionSchema>;

const key = 'nex.connections';
const secretKey = (id: string) => `nex.connection.${id}`;

/** What the person added, for all windows of this user: definitions in VS Code's state, secrets in its SecretStorage. */
export class OwnConnections {
  readonly #state: vscode.Memento;
  readonly #secrets: vscode.SecretStorage;
  /** Another window may have added one. */
  readonly onDidChange: vscode.Event<unknown>;

  constructor(state: vscode.Memento, secrets: vscode.SecretStorage) {
    this.#state = state;
    this.#secrets = secrets;
    this.onDidChange = secrets.onDidChange;
  }

  list(): OwnConnection[] {
    return z.array(ownConnectionSchema).safeParse(this.#state.get(key)).data ?? [];
  }

  /** Adds one, or replaces the one of the same id. Without a secret, the one that is stored stays. */
  async save(connection: OwnConnection, secret?: string): Promise<void> {
    if (!needsSecret(connection.login)) await this.#secrets.delete(secretKey(connection.id));
    else if (secret !== undefined) await this.#secrets.store(secretKey(connection.id), secret);
    const list = this.list();
    const index = list.findIndex(({ id }) => id === connection.id);
    await this.#state.update(key, list.toSpliced(index < 0 ? list.length : index, 1, connection));
  }

  async remove(id: string): Promise<void> {
    await this.#secrets.delete(secretKey(id));
    await this.#state.update(
      key,
      this.list().filter((one) => one.id !== id),
    );
  }

  /** How to connect. Throws `secret-missing`: VS Code in a browser may forget secrets. */
  async target(connection: OwnConnection): Promise<NatsTarget> {
    const { id, url, login } = connection;
    const common = { server: url, ...detailsOf(connection) };
    if (login.kind === 'none') return common;
    if (login.kind === 'creds' || login.kind === 'nkey') {
      return { ...common, [login.kind]: login.file };
    }
    const secret = await this.#secrets.get(secretKey(id));
    if (secret === undefined) {
      throw new NexError('secret-missing', `its ${secretName(login)} is not stored here.`);
    }
    if (login.kind === 'token') return { ...common, token: secret };
    return { ...common, user: login.user, password: secret };
  }
}

export const detailsOf = (connection: OwnConnection | undefined): ConnectionDetails =>
  detailsSchema.parse(connection ?? {});

export const needsSecret = ({ kind }: Login): boolean => kind === 'user' || kind === 'token';

/** What the secret of a login is called. */
export const secretName = ({ kind }: Login) => (kind === 'token' ? 'token' : 'password');
