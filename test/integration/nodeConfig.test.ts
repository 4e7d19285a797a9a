import assert from 'node:assert/strict';
import { Objm } from '@nats-io/obj';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { createAccount } from '@nats-io/nkeys';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import { devrun } from '../../runtime/client/devrun.ts';
import { readKeys, type Keys } from '../../runtime/client/keys.ts';
import { upLineSchema } from '../../runtime/protocol/cliLines.ts';
import { controlSubjects } from '../../runtime/protocol/controlApi.ts';
import { SigningKey } from '../../runtime/protocol/signingKey.ts';
import { isolatedEnvironment } from '../support/devNode.ts';
import { startTestServer } from '../support/natsServer.ts';
import { NexdevProcess } from '../support/nexdev.ts';
import { SourceFolder } from '../support/sourceFolder.ts';

describe('a configured node', () => {
  const folder = new SourceFolder();
  let url: string;
  let connection: NatsConnection;
  let control: ControlClient;
  before(async () => {
    ({ url } = await startTestServer());
    connection = await connect({ servers: url });
    control = new ControlClient(connection);
    const artifacts = await new Objm(connection).create('ARTIFACTS');
    await artifacts.putBlob({ name: 'hello' }, Buffer.from('(s, p) => "hello"'));
  });
  after(() => connection.close());

  function up(config: object, ...flags: string[]) {
    const file = folder.write('node.json', JSON.stringify(config));
    const args = ['up', '--server', url, '--config', file, ...flags];
    return new NexdevProcess(args, isolatedEnvironment(folder.path));
  }

  async function start(config: object) {
    const node = up(config);
    const [, nodeId = ''] = await node.waitFor(/Node (N\w+) is ready on/);
    return { node, nodeId };
  }

  const ask = async (subject: string) =>
    (await connection.request(subject, '', { timeout: 5000 })).json<string>();

  const deploy = (nodeId: string, keys: Keys, name: string, source: string) =>
    devrun({
      connection,
      keys,
      file: folder.write(`${name}.js`, source),
      nodeId,
      triggerSubjects: [`config.${name}`],
      extension: { replace: true },
    });

  it('starts its workloads, which its user can stop, and says which it could not start', async () => {
    const workload = { namespace: 'default', type: 'v8', trigger_subjects: ['config.hello'] };
    const { node, nodeId } = await start({
      autostart: {
        workloads: [
          { ...workload, name: 'lost', location: 'nats://ARTIFACTS/lost' },
          { ...workload, name: 'hello', location: 'nats://ARTIFACTS/hello' },
        ],
      },
    });
    assert.match(node.printed, /Workload lost was not started: .*nats: object not found/);
    assert.equal(await ask('config.hello'), 'hello');
    const { machines } = await control.info('default', nodeId);
    assert.deepEqual(
      machines.map((machine) => machine.workload.name),
      ['hello'],
    );
    const { issuer } = await readKeys(`${folder.path}/.nex`);
    await control.stop({ nodeId, namespace: 'default', workloadId: machines[0]!.id }, issuer);
    assert.equal(await node.interrupt(), 0);
  });

  it('says what it ignores and what it could not start as JSON lines where it is asked for them', async () => {
    const workload = { name: 'lost', namespace: 'default', type: 'v8' };
    const location = 'nats://ARTIFACTS/lost';
    const config = { CNI: {}, autostart: { workloads: [{ ...workload, location }] } };
    const node = up(config, '--json');
    await node.waitFor(/was not started/);
    await node.waitFor(/"ready"/);
    const lines = node.printed.trim().split('\n');
    const said = lines.map((line) => upLineSchema.parse(JSON.parse(line)));
    const notices = said.flatMap((line) => (line.event === 'notice' ? line.text : []));
    assert.equal(notices.length, 2);
    assert.match(notices[0]!, /cni is ignored: it is for Firecracker/);
    assert.match(notices[1]!, /Workload lost was not started: /);
    assert.equal(await node.interrupt(), 0);
  });

  it('has its workloads answer on the NATS that it names for them', async () => {
    const other = await startTestServer();
    const elsewhere = await connect({ servers: other.url });
    const workload = { namespace: 'default', type: 'v8', trigger_subjects: ['config.far'] };
    const { node } = await start({
      host_services_config: { nats: { nats_url: other.url } },
      autostart: {
        workloads: [{ ...workload, name: 'far', location: 'nats://ARTIFACTS/hello' }],
      },
    });
    const reply = await elsewhere.request('config.far', '', { timeout: 5000 });
    assert.equal(reply.json(), 'hello');
    await assert.rejects(ask('config.far'), /no responders/);
    await elsewhere.close();
    assert.equal(await node.interrupt(), 0);
  });

  it('bids by its tags and workload types, and accepts the issuers that it names', async () => {
    const stranger = Buffer.from(createAccount().getSeed()).toString();
    const issuer = new SigningKey(stranger);
    const { node, nodeId } = await start({
      tags: { site: 'Lab', node_name: 'bench' },
      workload_types: ['v8'],
      valid_issuers: [issuer.publicKey],
      default_resource_dir: '/opt/nex',
    });
    assert.match(node.printed, /default_resource_dir is ignored: it is for Firecracker/);
    const { tags, supported_workload_types } = await control.info('default', nodeId);
    assert.equal(tags?.['node_name'], 'bench');
    assert.deepEqual(supported_workload_types, ['v8']);
    const bids: string[] = [];
    connection.subscribe('config.bids.*', {
      callback: (_, { subject }) => void bids.push(subject.split('.').at(-1) ?? ''),
    });
    const auction = (name: string, filter: object) =>
      connection.publish(controlSubjects.auction, JSON.stringify(filter), {
        reply: `config.bids.${name}`,
      });
    auction('tag', { tags: { site: 'lab' } });
    auction('otherTag', { tags: { site: 'field' } });
    auction('type', { workload_types: ['v8'] });
    auction('otherType', { workload_types: ['v8', 'native'] });
    // A node that answers a PING sent later has had the AUCTIONs.
    await control.ping(nodeId);
    assert.deepEqual(bids, ['tag', 'type']);
    const own = await readKeys(`${folder.path}/.nex`);
    await deploy(nodeId, { ...own, issuer }, 'foreign', '() => "foreign"');
    await deploy(nodeId, own, 'own', '() => "own"');
    assert.equal(await ask('config.foreign'), 'foreign');
    assert.equal(await ask('config.own'), 'own');
    assert.equal(await node.interrupt(), 0);
  });

  it('that is full, or takes no duplicates, still takes a new version', async () => {
    const { node, nodeId } = await start({
      node_limits: { max_workloads: 1, max_total_bytes: 40 },
      allow_duplicate_workloads: false,
    });
    const keys = await readKeys(`${folder.path}/.nex`);
    const long = '() => "a version of 37 bytes or more"';
    await deploy(nodeId, keys, 'only', long);
    await deploy(nodeId, keys, 'only', long);
    await deploy(nodeId, keys, 'only', '() => "new"');
    assert.equal(await ask('config.only'), 'new');
    await assert.rejects(deploy(nodeId, keys, 'other', '() => 1'), /maximum workload limit/);
    assert.equal(await node.interrupt(), 0);
  });
});
