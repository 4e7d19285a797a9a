import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Objm } from '@nats-io/obj';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { controlSubjects } from '../../runtime/protocol/controlApi.ts';
import { isolatedEnvironment } from '../support/devNode.ts';
import { startTestServer } from '../support/natsServer.ts';
import { NexdevProcess } from '../support/nexdev.ts';
import { readConversation } from '../support/recording.ts';
import { SourceFolder } from '../support/sourceFolder.ts';
import { comparable, hearAll, type Publication } from './contract/publications.ts';

/** The recorded node started, beat, became a lame duck, beat again and was interrupted; nothing ran on it. */
const recorded = readConversation('events-node').published.map(comparable);
const [started = '', beat = '', entered = '', lameBeat = '', stopped = ''] = recorded;

describe('what a node says of itself', () => {
  const folder = new SourceFolder();
  let url: string;
  let connection: NatsConnection;
  let heard: Publication[];
  before(async () => {
    ({ url } = await startTestServer());
    connection = await connect({ servers: url });
    const artifacts = await new Objm(connection).create('ARTIFACTS');
    await artifacts.putBlob({ name: 'hello' }, Buffer.from('(s, p) => "hello"'));
    heard = await hearAll(connection);
  });
  after(() => connection.close());

  /** A node configured as the recorded one, and the events of its own. */
  async function start(name: string, workloads: object[]) {
    const config = {
      tags: { simple: 'true', node_name: 'recorder' },
      allow_duplicate_workloads: false,
      autostart: { workloads },
    };
    const file = folder.write(`${name}.json`, JSON.stringify(config));
    const args = ['up', '--server', url, '--config', file];
    const node = new NexdevProcess(args, isolatedEnvironment(folder.path));
    const [, nodeId = ''] = await node.waitFor(/Node (N\w+) is ready on/);
    const said = () =>
      heard
        .filter(({ subject }) => subject.startsWith('$NEX.events.system.'))
        .filter((event) => JSON.stringify(event.data).includes(nodeId))
        .map(comparable);
    return { node, nodeId, said };
  }

  async function until(isSo: () => boolean, seconds: number): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!isSo() && Date.now() < deadline) await pause(50);
  }

  it('is what the real one says, in its order: start, heartbeats, lame duck, end', async function () {
    this.timeout(120_000);
    const location = 'nats://ARTIFACTS/hello';
    const hello = { name: 'hello', namespace: 'default', type: 'v8', location };
    const plain = await start('plain', []);
    // With a workload: a lame duck without any ends at once.
    const lame = await start('lame', [{ ...hello, trigger_subjects: ['events.hello'] }]);
    await connection.request(controlSubjects.lameDuck(lame.nodeId));
    await until(() => plain.said().length > 1 && lame.said().length > 2, 60);
    assert.deepEqual(await Promise.all([plain.node.interrupt(), lame.node.interrupt()]), [0, 0]);
    await until(() => plain.said().length > 2 && lame.said().length > 3, 20);
    assert.deepEqual(plain.said(), [started, beat, stopped]);
    const busy = lameBeat.replace('"running_machines":0', '"running_machines":1');
    assert.deepEqual(lame.said(), [started, entered, busy, stopped]);
  });
});
