import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { before, describe, it } from 'mocha';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import { createDeployRequest } from '../../runtime/client/deployRequest.ts';
import type { DevClient } from '../../runtime/client/devClient.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import { controlSubjects, type DeployRequest } from '../../runtime/protocol/controlApi.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';

const million = 'x'.repeat(700_000);

/** What would not fit into a subject, an event or an answer: NATS ends the connection of who sends a longer line. */
const oversized: readonly [what: string, members: object, error: RegExp][] = [
  ['JetStream domain', { jsdomain: million }, /: nats: no responders available for request$/],
  [
    'JetStream domain, with a source record to fetch',
    { jsdomain: million, nexdev: { hash: '0'.repeat(64) } },
    /: nats: no responders available for request$/,
  ],
  ['JetStream domain of tokens', { jsdomain: 'a.>' }, /: nats: no responders available/],
  ['bucket', { location: { Host: million, Path: '/k' } }, /: nats: invalid object-store name$/],
  ['key', { location: { Host: 'NEXCLIFILES', Path: million } }, /: nats: object not found$/],
  ['name', { workload_name: million }, /^Invalid deploy request: workload_name is longer than/],
  ['description', { description: million }, /^Invalid deploy request: description is longer than/],
  ['trigger subject', { trigger_subjects: [million] }, /it has more than 1024 bytes/],
  [
    'number of trigger subjects',
    { trigger_subjects: Array.from({ length: 300 }, (_, index) => `big.${index}`) },
    /^Invalid deploy request: there are more than 256 trigger subjects$/,
  ],
  ['hash of a source record', { nexdev: { hash: million } }, /^Unable to deserialize/],
];

describe('a request that is right but for its size', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;
  let right: DeployRequest;
  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
    await deployFunction(node, connection, {
      file: 'small.js',
      source: '() => 1',
      subjects: ['big.small'],
    });
    const control = new ControlClient(connection);
    right = createDeployRequest({
      ...{ keys: await readKeys(join(node.directory, '.nex')), nodeId: node.nodeId },
      nodeXkey: (await control.ping(node.nodeId)).target_xkey,
      location: { bucket: 'NEXCLIFILES', key: 'smalljs' },
      ...{ name: 'big', type: 'v8', description: '', hash: '', env: {}, argv: [] },
      triggerSubjects: ['big.big'],
      essential: false,
    });
  });

  const deploy = async (namespace: string, body: string) =>
    (
      await connection.request(controlSubjects.deploy(namespace, node.nodeId), body, {
        timeout: 10_000,
      })
    ).json<{ error?: string }>().error ?? '';

  for (const [what, members, error] of oversized) {
    it(`is refused for its ${what}`, async () => {
      assert.match(await deploy('default', JSON.stringify({ ...right, ...members })), error);
    });
  }

  it('is refused for its namespace', async () => {
    const error = await deploy('n'.repeat(3000), JSON.stringify(right));
    assert.equal(error, 'Invalid subject for workload deployment');
  });

  it('names one fault of a list that has a million', async () => {
    const body = JSON.stringify({ ...right, trigger_subjects: Array(400_000).fill(1) });
    assert.equal(
      await deploy('default', body),
      'Unable to deserialize deploy request: json: cannot unmarshal number into Go struct field DeployRequest.trigger_subjects of type string',
    );
  });

  it('leaves a function its connection when a replay names no stream that can be', async () => {
    await assert.rejects(dev.replay({ workload: 'smalljs', stream: million, seq: 1 }), {
      code: 'bad-request',
    });
    assert.equal((await connection.request('big.small')).string(), '1');
  });
});
