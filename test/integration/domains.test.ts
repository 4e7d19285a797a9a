import assert from 'node:assert/strict';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { before } from 'mocha';
import { isolatedEnvironment } from '../support/devNode.ts';
import { startJetStreamLeaf } from '../support/jetStreamLeaf.ts';
import { NexdevProcess, runNexdev } from '../support/nexdev.ts';
import { SourceFolder } from '../support/sourceFolder.ts';

describe('a JetStream domain', () => {
  const folder = new SourceFolder();
  let hub: string;

  before(async () => (hub = await startJetStreamLeaf('leaf')));

  it('has the artifacts, sources, buckets and streams of a node and its verbs, by flag or context', async () => {
    const environment = isolatedEnvironment(folder.path);
    const named = folder.write(
      'context.json',
      JSON.stringify({ url: hub, jetstream_domain: 'leaf' }),
    );
    const keeper = folder.write(
      'keeper.js',
      "(subject, payload) => { this.kv('KEPT').set('last', payload); return subject }",
    );
    const targets = [
      ['--server', hub, '--jsdomain', 'leaf'],
      ['--context', named],
    ];
    for (const [index, target] of targets.entries()) {
      const node = new NexdevProcess(['up', ...target], environment);
      await node.waitFor(/is ready on/);
      const run = async (...args: string[]) => {
        const { code, stdout, stderr } = await runNexdev(args, environment);
        assert.equal(code, 0, stderr);
        return stdout;
      };
      await run('devrun', keeper, '--trigger_subject=keep', ...target);
      assert.equal(await run('req', 'keep', 'hello'), '"keep"\n');
      // The replay writes too.
      const stored = ['--stream=KV_KEPT', `--seq=${2 * index + 1}`];
      const replayed = await run('replay', 'keeperjs', ...stored, '--yes');
      assert.match(replayed, /through keeperjs/);
      assert.equal(await node.interrupt(), 0);
    }
    await using connection = await connect({ servers: hub });
    assert.deepEqual(await streamsOf(connection, 'leaf'), [
      'KV_KEPT',
      'OBJ_NEXCLIFILES',
      'OBJ_NEXDEV_SOURCES',
    ]);
    assert.deepEqual(await streamsOf(connection, 'hub'), []);
  });
});

async function streamsOf(connection: NatsConnection, domain: string): Promise<string[]> {
  const manager = await jetstreamManager(connection, { domain });
  const infos = await Array.fromAsync(manager.streams.list());
  return infos.map(({ config }) => config.name).sort();
}
