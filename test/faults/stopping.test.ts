import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { before, describe, it } from 'mocha';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import type { DevClient } from '../../runtime/client/devClient.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import type { DeployExtension } from '../../runtime/protocol/controlApi.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';

/** The first message of a version takes longer than a stop waits; it says so before. */
const slow = (version: number) => `async (subject, payload) => {
  if (payload[0] === 48) {
    console.log('at it');
    await new Promise((resolve) => setTimeout(resolve, 4000));
  }
  return ${version};
}`;

describe('a function that is stopped while messages wait', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;

  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
  });

  const deploy = (name: string, version: number, extension: DeployExtension = {}) =>
    deployFunction(node, connection, {
      file: `${name}.js`,
      source: slow(version),
      subjects: [`stopping.${name}`],
      extension,
    });

  async function stop(name: string): Promise<void> {
    const workload = (await dev.workloads()).find((each) => each.name === `${name}js`);
    assert.ok(workload !== undefined);
    const { namespace, id } = workload;
    const { issuer } = await readKeys(join(node.directory, '.nex'));
    const address = { nodeId: node.nodeId, namespace, workloadId: id };
    await new ControlClient(connection).stop(address, issuer);
  }

  for (const contexts of ['fresh', 'shared'] as const) {
    it(`answers each caller once (contexts: ${contexts})`, async () => {
      await deploy(contexts, 1, { options: { contexts } });
      // Where a context is shared, messages then go into the isolate together.
      const before = Array.from({ length: 60 }, () =>
        connection.request(`stopping.${contexts}`, 'x', { timeout: 20_000 }),
      );
      await Promise.all(before);
      const callers = new Callers(connection, `stopping.${contexts}`);
      for (const id of [0, 1, 2, 3]) callers.send(id);
      await callers.untilBegun();
      await stop(contexts);
      await callers.untilAnswered(4);
      await connection.flush();
      assert.deepEqual(callers.answers, { 0: ['502'], 1: ['502'], 2: ['502'], 3: ['502'] });
    });
  }

  it('answers those whom a new version holds until the old one has finished', async () => {
    await deploy('held', 1);
    const callers = new Callers(connection, 'stopping.held');
    callers.send(0);
    await callers.untilBegun();
    await deploy('held', 2);
    for (const id of [1, 2]) callers.send(id);
    await connection.flush();
    await stop('held');
    await callers.untilAnswered(3);
    await connection.flush();
    assert.deepEqual(callers.answers, { 0: ['1'], 1: ['502'], 2: ['502'] });
  });

  it('answers each caller once when the node ends while an old version is still at it', async () => {
    await deploy('retired', 1);
    const callers = new Callers(connection, 'stopping.retired');
    for (const id of [0, 1, 2]) callers.send(id);
    await callers.untilBegun();
    await deploy('retired', 2);
    callers.send(3);
    await connection.flush();
    process.kill(node.pid, 'SIGINT');
    await node.exited;
    // What the new version holds it may run yet, or refuse.
    const { 3: held, ...others } = callers.answers;
    assert.deepEqual(others, { 0: ['502'], 1: ['502'], 2: ['502'] });
    assert.equal(held?.length, 1);
  });
});

/** Who sends messages with reply subjects of their own, and notes every answer. */
class Callers {
  readonly answers: Record<number, string[]> = {};
  readonly #connection: NatsConnection;
  readonly #subject: string;
  readonly #begun: Promise<void>;
  #look: () => void = () => undefined;

  constructor(connection: NatsConnection, subject: string) {
    this.#connection = connection;
    this.#subject = subject;
    this.#begun = new Promise((resolve) => {
      connection.subscribe('$NEX.logs.>', {
        callback: (_, message) => {
          if (message.string().includes('at it')) resolve();
        },
      });
    });
    connection.subscribe(`answers.${subject}.*`, {
      callback: (_, message) => {
        const id = Number(message.subject.split('.').at(-1));
        const code = message.headers?.get('Nats-Service-Error-Code');
        (this.answers[id] ??= []).push(code ?? message.string());
        this.#look();
      },
    });
  }

  send(id: number): void {
    const reply = `answers.${this.#subject}.${id}`;
    this.#connection.publish(this.#subject, String(id), { reply });
  }

  untilBegun(): Promise<void> {
    return this.#begun;
  }

  async untilAnswered(count: number): Promise<void> {
    while (Object.keys(this.answers).length < count) {
      await new Promise<void>((look) => (this.#look = look));
    }
  }
}
