import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { before, describe, it } from 'mocha';
import { z } from 'zod';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';
import { Publications } from '../support/services.ts';

const lastMs = 60_000;
const redeployMs = 200;

describe('redeploys without a pause', () => {
  let node: TestNode;
  let connection: NatsConnection;

  before(async () => {
    ({ node, connection } = await startConnectedNode());
  });

  it('answers each of 300 requests a second once and in order, for a minute of redeploys', async function () {
    this.timeout(lastMs * 3);
    await deploy(0);
    const publications = new Publications(connection);
    const end = performance.now() + lastMs;
    const requesters = await Promise.all(
      ['one', 'two'].map(async (name) => new Requester(await node.connect(), name)),
    );
    const ticker = new Requester(await node.connect(), undefined);
    const [versions] = await Promise.all([
      redeploy(end),
      ticker.send(50, end),
      ...requesters.map((requester) => requester.send(150, end)),
    ]);
    for (const requester of requesters) await requester.settled();
    const sent = requesters.reduce((sum, each) => sum + each.sent, ticker.sent);
    const done = () => publications.dataOf('function_exec_succeeded').length;
    await publications.until(() => done() >= sent);
    console.log(`      ${versions} versions, ${sent} messages`);
    for (const requester of requesters) requester.check();
    assert.equal(done(), sent, 'messages run, those without a reply subject too');
  });

  async function deploy(version: number): Promise<void> {
    const source = `(subject, payload) => ({ version: ${version}, id: Number(String.fromCharCode(...payload)) })`;
    await deployFunction(node, connection, { file: 'echo.js', source, subjects: ['redeployed'] });
  }

  /** A deploy each 200 ms; where the machine is slower than that, one after the other. */
  async function redeploy(end: number): Promise<number> {
    let version = 0;
    let next = performance.now();
    while (performance.now() < end) {
      await deploy((version += 1));
      next += redeployMs;
      await pause(Math.max(0, next - performance.now()));
    }
    return version;
  }
});

/** On a machine that is slower than the rate, a requester waits rather than pile up what never can be answered in time. */
const mostWaiting = 150;

const replySchema = z.object({ version: z.number(), id: z.number() });

/** Sends without waiting for answers, and notes them; without a name it asks for none, and its messages are all equal. */
class Requester {
  sent = 0;
  readonly #connection: NatsConnection;
  readonly #name: string | undefined;
  readonly #replies: z.infer<typeof replySchema>[] = [];
  readonly #failures: string[] = [];
  #look: () => void = () => undefined;

  constructor(connection: NatsConnection, name: string | undefined) {
    this.#connection = connection;
    this.#name = name;
    if (name === undefined) return;
    connection.subscribe(`answers.${name}.*`, {
      callback: (_error, message) => {
        this.#take(message.string());
        this.#look();
      },
    });
  }

  async send(perSecond: number, end: number): Promise<void> {
    const start = performance.now();
    while (performance.now() < end) {
      const due = Math.floor(((performance.now() - start) / 1000) * perSecond);
      while (this.sent < due && this.#waiting < mostWaiting) this.#sendOne();
      await pause(3);
    }
  }

  async settled(): Promise<void> {
    while (this.#replies.length + this.#failures.length < this.sent) {
      await new Promise<void>((look) => (this.#look = look));
    }
    await this.#connection.flush();
  }

  get #waiting(): number {
    return this.#name === undefined ? 0 : this.sent - this.#replies.length - this.#failures.length;
  }

  check(): void {
    assert.deepEqual(this.#failures, [], 'no answer is an error');
    const ids = this.#replies.map(({ id }) => id);
    const expected = Array.from({ length: this.sent }, (_each, index) => index);
    assert.deepEqual(ids, expected, `requester ${this.#name}: each answered once, in order`);
    const versions = this.#replies.map(({ version }) => version);
    const sorted = [...versions].sort((one, other) => one - other);
    assert.deepEqual(versions, sorted, 'no answer of an older version after one of a newer');
  }

  /** An error is an answer too; it is shown as it is. */
  #take(text: string): void {
    const reply = replySchema.safeParse(JSON.parse(text));
    if (reply.success) this.#replies.push(reply.data);
    else this.#failures.push(text);
  }

  #sendOne(): void {
    const id = this.sent;
    this.sent += 1;
    if (this.#name === undefined) this.#connection.publish('redeployed', '0');
    else {
      this.#connection.publish('redeployed', String(id), { reply: `answers.${this.#name}.${id}` });
    }
  }
}
