import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import * as vscode from 'vscode';
import type { DevrunResult } from '../../../runtime/client/devrun.ts';
import type { ReplayReply } from '../../../runtime/protocol/devApi.ts';
import { commands } from '../../../extension/ids.ts';
import { acceptQuickInput } from './acceptQuickInput.ts';
import { seatPerson, type Person } from './personsAnswers.ts';
import { connectToNode, echoSource, stopWorkloads, writeProgram } from './world.ts';

const failingSource = `() => { throw new Error('no such device'); };\n`;

describe('messages from the editor', () => {
  let connection: NatsConnection;
  let person: Person;

  before(async () => {
    connection = await connectToNode();
  });
  beforeEach(() => {
    person = seatPerson();
  });
  afterEach(async () => {
    person.dispose();
    await stopWorkloads();
  });
  after(() => connection.close());

  /** Runs a function until the test is over; the item is what its row in the view hands to commands. */
  const run = async (name: string, source: string) => {
    const program = await writeProgram(`${name}.js`, source);
    const command = vscode.commands.executeCommand<DevrunResult>(commands.runFunction, program);
    const { workloadId: id, ...result } = await acceptQuickInput(command);
    const workload = {
      connectionId: 'local',
      ...result,
      id,
      program: program.fsPath,
      triggerSubjects: [name],
    };
    return { kind: 'workload', workload };
  };

  const send = (item: unknown) =>
    acceptQuickInput(
      vscode.commands.executeCommand<string | undefined>(commands.sendMessage, item),
    );

  it('go to the subject of a workload, and the reply is shown', async () => {
    const item = await run('sent', echoSource);
    const reply = await send(item);
    assert.deepEqual(JSON.parse(reply ?? ''), { triggered_on: 'sent', payload: 'hello nex!' });
    assert.equal(person.seen.at(-1), `sent replied: ${reply}`);
  });

  it('show the error of a function that throws', async () => {
    const item = await run('throwing', failingSource);
    assert.equal(await send(item), undefined);
    assert.match(person.seen.at(-1) ?? '', /^throwing failed: .*no such device/);
  });

  describe('stored in a stream', () => {
    const question = 'Host services are live in a replay.';
    const payload = randomUUID();
    const message = { stream: 'KEPT', seq: 1, subject: 'kept.one', time: new Date(), size: 36 };

    before(async () => {
      const manager = await jetstreamManager(connection);
      await manager.streams.add({ name: 'KEPT', subjects: ['kept.*'] });
      await jetstream(connection).publish('kept.one', payload);
    });
    after(async () => {
      const manager = await jetstreamManager(connection);
      await manager.streams.delete('KEPT');
    });

    const replay = () =>
      acceptQuickInput(
        vscode.commands.executeCommand<ReplayReply | undefined>(commands.replayMessage, {
          kind: 'message',
          message,
        }),
      );

    it('are not replayed where the person declines', async () => {
      await run('replayed', echoSource);
      assert.equal(await replay(), undefined);
      assert.equal(person.seen.at(-1), question);
    });

    it('are replayed into a function, whose result is shown', async () => {
      await run('replayed', echoSource);
      person.dispose();
      person = seatPerson('Replay');
      const reply = await replay();
      assert.equal(reply?.outcome.kind, 'returned');
      assert.deepEqual(JSON.parse(reply.outcome.text), { triggered_on: 'kept.one', payload });
      const shown = `Replay of KEPT #1 returned: ${reply.outcome.text}`;
      assert.deepEqual(person.seen.slice(-2), [question, shown]);
    });

    it('are replayed without a further question, and what was thrown is shown', async () => {
      await run('refusing', failingSource);
      const reply = await replay();
      assert.equal(reply?.outcome.kind, 'failed');
      assert.ok(!person.seen.includes(question));
      assert.match(person.seen.at(-1) ?? '', /^Replay of KEPT #1 failed: .*no such device/);
    });
  });
});
