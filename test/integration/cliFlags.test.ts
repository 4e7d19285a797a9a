import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { errorLineSchema } from '../../runtime/protocol/cliLines.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';
import { startTestServer, type TestServer } from '../support/natsServer.ts';
import { NexdevProcess, runNexdev } from '../support/nexdev.ts';

/** Flags of `nex` whose effect is elsewhere than in what is printed. */
describe('flags as nex has them', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let elsewhere: TestServer;
  before(async () => {
    node = await startTestNode();
    connection = await node.connect();
    elsewhere = await startTestServer();
    writeFileSync(join(node.directory, 'which.js'), '(subject) => subject');
  });
  after(() => elsewhere.stop());

  const nexdev = (...args: string[]) => runNexdev(args, node.environment, node.directory);

  async function succeed(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await nexdev(...args);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  async function fail(...args: string[]) {
    const { code, stderr } = await nexdev(...args, '--json');
    assert.equal(code, 1);
    return errorLineSchema.parse(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')).error;
  }

  const ask = async (on: NatsConnection, subject: string) =>
    (await on.request(subject, '', { timeout: 20_000 })).json();

  it('says which NATS before the verb, and after it', async () => {
    const nodes = [
      ['--server', node.url, 'node', 'ls', '--json'],
      ['-s', node.url, '--json', 'node', 'ls'],
      ['node', '--server', node.url, 'ls', '--json'],
      ['--server', elsewhere.url, 'node', 'ls', '--json', '--server', node.url],
    ];
    for (const args of nodes) {
      assert.match(await succeed(...args), new RegExp(node.nodeId), args.join(' '));
    }
    assert.equal(await succeed(`--server=${elsewhere.url}`, 'node', 'ls', '--json'), '[]\n');
  });

  it('refuses before a verb what the verb does not take', async () => {
    const { code, message } = await fail('--server', node.url, 'build', 'which.js');
    assert.deepEqual([code, message], ['usage', 'build takes no --server']);
  });

  it('deploys to the node that is named', async () => {
    const args = ['up', '--server', node.url, '--node-name', 'named'];
    const guest = new NexdevProcess(args, node.environment);
    const [, guestId = ''] = await guest.waitFor(/Node (N\w+) is ready on/);
    const flags = ['--trigger_subject=named', '--node', guestId];
    assert.match(await succeed('yeet', 'which.js', ...flags), new RegExp(`on node ${guestId}`));
    assert.equal(await ask(connection, 'named'), 'named');
    await guest.interrupt();
    const { code } = await fail('devrun', 'which.js', ...flags);
    assert.equal(code, 'node-not-found');
  });

  it('leaves another workload of the name as it is with --no-stop', async () => {
    await succeed('devrun', 'which.js', '--trigger_subject=kept');
    await succeed('devrun', 'which.js', '--trigger_subject=beside', '--no-stop');
    assert.deepEqual(await Promise.all(['kept', 'beside'].map((one) => ask(connection, one))), [
      'kept',
      'beside',
    ]);
    await succeed('devrun', 'which.js', '--trigger_subject=alone');
    const { machines } = JSON.parse(await succeed('node', 'info', '--json')) as {
      machines: unknown[];
    };
    assert.equal(machines.length, 1);
  });

  it('triggers a function on the NATS of --hs_url', async () => {
    await succeed('devrun', 'which.js', '--trigger_subject=far', '--hs_url', elsewhere.url);
    const far = await connect({ servers: elsewhere.url });
    assert.equal(await ask(far, 'far'), 'far');
    await far.close();
    await assert.rejects(ask(connection, 'far'), /no responders/);
    const url = 'nats://NEXCLIFILES/whichjs';
    const flags = ['--type=v8', '--trigger_subject=ran', '--name=ran', '--hs_url', elsewhere.url];
    await succeed('run', url, node.nodeId, ...flags);
    const { code } = await fail('devrun', 'which.js', '--trigger_subject=x', '--hs_jwt', 'x');
    assert.equal(code, 'conflicting-flags');
  });

  it('makes the bucket for artifacts with --bucketmaxbytes', async () => {
    const own = await startTestNode();
    const file = join(own.directory, 'small.js');
    writeFileSync(file, '() => 1');
    const flags = ['--trigger_subject=small', '--bucketmaxbytes=1MB', '--server', own.url];
    const { code, stderr } = await runNexdev(['devrun', file, ...flags], own.environment);
    assert.equal(code, 0, stderr);
    const manager = await jetstreamManager(await own.connect());
    const { config } = await manager.streams.info('OBJ_NEXCLIFILES');
    assert.equal(config.max_bytes, 1_048_576);
  });
});
