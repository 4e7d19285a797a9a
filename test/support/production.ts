import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { after } from 'mocha';
import { devrun, type DevrunResult } from '../../runtime/client/devrun.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import type { DeployExtension } from '../../runtime/protocol/controlApi.ts';
import { startConfiguredServer } from './configuredServer.ts';
import { NexdevProcess } from './nexdev.ts';

/** How to log in there. */
export const login = { user: 'app', password: 'secret' };

/** A NATS that others use, with a node on it, and all that is published there. */
export class Production {
  readonly url: string;
  readonly connection: NatsConnection;
  readonly nodeId: string;
  /** Every message, of everybody. */
  readonly seen: { subject: string; text: string }[] = [];
  readonly #home: string;
  readonly #replies: { payload: string; replies: Msg[] }[] = [];

  /** `environment` says whose node it is. */
  static async start(environment: NodeJS.ProcessEnv): Promise<Production> {
    const { user, password } = login;
    const configuration = `authorization { user: ${user}, password: ${password} }`;
    const url = await startConfiguredServer(configuration);
    const flags = ['--server', url, '--user', user, '--password', password];
    const node = new NexdevProcess(['up', ...flags], environment);
    const [, nodeId = ''] = await node.waitFor(/Node (N\w+) is ready on/);
    const connection = await connect({ servers: url, ...{ user, pass: password } });
    after(async () => {
      await connection.close();
      await node.interrupt();
    });
    return new Production(url, connection, nodeId, environment['HOME'] ?? '');
  }

  private constructor(url: string, connection: NatsConnection, nodeId: string, home: string) {
    this.url = url;
    this.connection = connection;
    this.nodeId = nodeId;
    this.#home = home;
    connection.subscribe('>', {
      callback: (_, message) => {
        this.seen.push({ subject: message.subject, text: message.string() });
      },
    });
  }

  async deploy(
    file: string,
    source: string,
    subjects: string[],
    extension: DeployExtension = {},
  ): Promise<DevrunResult & { program: string }> {
    const program = join(this.#home, file);
    writeFileSync(program, source);
    const keys = await readKeys(join(this.#home, '.nex'));
    const result = await devrun({
      ...{ connection: this.connection, keys, file: program, nodeId: this.nodeId },
      ...{ triggerSubjects: subjects, extension },
    });
    return { ...result, program };
  }

  /** The first reply; all that come later are counted too. */
  async ask(subject: string, payload: string): Promise<Msg> {
    const inbox = `_INBOX.asked.${this.#replies.length}`;
    const replies: Msg[] = [];
    this.#replies.push({ payload, replies });
    this.connection.subscribe(inbox, { callback: (_, reply) => void replies.push(reply) });
    this.connection.publish(subject, payload, { reply: inbox });
    const deadline = Date.now() + 10_000;
    for (;;) {
      const [first] = replies;
      if (first !== undefined) return first;
      if (Date.now() > deadline) throw new Error(`No reply to ${payload} on ${subject}.`);
      await wait(10);
    }
  }

  /** How many replies each request has got by now. */
  async replyCounts(): Promise<Record<string, number>> {
    await this.connection.flush();
    return Object.fromEntries(
      this.#replies.map(({ payload, replies }) => [payload, replies.length]),
    );
  }

  /** What was published there that names `text`; the server itself names connections in its advisories. */
  mentions(text: string): string[] {
    return this.seen
      .filter(({ subject }) => !subject.startsWith('$JS.EVENT.'))
      .filter((message) => message.subject.includes(text) || message.text.includes(text))
      .map(({ subject }) => subject);
  }
}
