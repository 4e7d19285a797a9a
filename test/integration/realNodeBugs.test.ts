import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import type { DevClient } from '../../runtime/client/devClient.ts';
import { controlSubjects, type DeployRequest } from '../../runtime/protocol/controlApi.ts';
import { startConnectedNode, type TestNode } from '../support/devNode.ts';
import { PlainClient } from '../support/plainClient.ts';

const uuid = /^[\da-f-]{36}$/;
const lack = (member: string) => new RegExp(`^Invalid deploy request: ${member} is missing$`);

describe('where the real Nex 0.3.0-rc1 crashes, wedges or answers wrongly', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let control: ControlClient;
  let client: PlainClient;
  let dev: DevClient;
  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
    control = new ControlClient(connection);
    client = await PlainClient.create(node, connection);
  });
  after(() => node.stop());

  const without = (member: keyof DeployRequest) => (request: DeployRequest) => ({
    ...request,
    [member]: undefined,
  });

  /** What is sent, what becomes of the real node, how ours answers: with the id of a workload, or with an error. */
  const deploys: [
    what: string,
    real: string,
    spoil: (request: DeployRequest) => object | null,
    ours: RegExp,
    type?: 'native',
  ][] = [
    ['null', 'crashes', () => null, /^Unsupported workload type on this node: $/],
    ['no environment', 'crashes', without('environment'), lack('environment')],
    ['no sender_public_key', 'crashes', without('sender_public_key'), lack('sender_public_key')],
    ['no workload_name', 'crashes', without('workload_name'), lack('workload_name')],
    ['no workload_jwt', 'crashes', without('workload_jwt'), lack('workload_jwt')],
    ['no location', 'crashes', without('location'), lack('location')],
    [
      'claims without a name',
      'crashes',
      (request) => ({ ...request, workload_jwt: client.claim({ hash: 'a' }) }),
      /^Invalid deploy request: invalid workload name$/,
    ],
    [
      'a hash that the claims have not',
      'crashes',
      (request) => ({ ...request, hash: 'a', workload_jwt: client.claim({ name: 'bug' }) }),
      /^Invalid deploy request: artifact hash claim does not match request$/,
    ],
    ['no description', 'crashes at the next question', without('description'), uuid],
    [
      'an environment of null for a service',
      'crashes',
      (request) => ({ ...request, environment: client.seal('null') }),
      uuid,
      'native',
    ],
    [
      'an environment of null for a function',
      'runs it',
      (request) => ({ ...request, environment: client.seal('null') }),
      uuid,
    ],
    ['no hash', 'runs it', without('hash'), uuid],
    ['no id', 'runs it', without('id'), uuid],
    ['no target_node', 'runs it', without('target_node'), uuid],
    ['no essential', 'runs it', without('essential'), uuid],
    [
      'a wrong key',
      'takes no workload any more',
      (request) => ({ ...request, location: { Host: 'PLAIN', Path: '/nothing' } }),
      /^Failed to cache workload bytes: nats: object not found$/,
    ],
    [
      'a wrong bucket',
      'takes no workload any more',
      (request) => ({ ...request, location: { Host: 'NOWHERE', Path: '/bug' } }),
      /^Failed to cache workload bytes: nats: stream not found$/,
    ],
    [
      'host services that cannot be reached',
      'lists it as running',
      (request) => ({ ...request, host_services_config: { nats_url: 'nats://127.0.0.1:1' } }),
      /^Failed to deploy workload: /,
    ],
  ];
  for (const [index, [what, real, spoil, ours, type = 'v8']] of deploys.entries()) {
    it(`a deploy with ${what}: the real node ${real}, ours answers ${ours.source}`, async () => {
      const source = type === 'native' ? '#!/bin/sh\nexec /bin/sleep 60\n' : '() => "answered"';
      const request = await client.prepare(`bug${index}`, type, source);
      const answer = await client.deploy(spoil(request));
      assert.match(answer, ours);
      // It goes on answering, and lists what it said that it runs, no more.
      const { machines } = await control.info('default', node.nodeId);
      const listed = machines.filter(({ workload }) => workload.name === `bug${index}`);
      assert.deepEqual(
        listed.map(({ id }) => id),
        uuid.test(answer) ? [answer] : [],
      );
      assert.equal((await control.pingWorkloads('default', undefined, 100)).length <= 1, true);
      if (!uuid.test(answer)) assert.match(await client.deploy(request), uuid);
      if (type === 'native') return;
      const reply = await connection.request(`bug${index}`, '', { timeout: 20_000 });
      assert.equal(reply.string(), '"answered"');
    });
  }

  it('a refused deploy: the real node counts its agent as available for ever, ours has one', async () => {
    const before = await control.info('default', node.nodeId);
    for (let refused = 0; refused < 5; refused += 1) {
      const request = await client.prepare('unfit', 'v8', '(');
      assert.match(await client.deploy(request), /^Failed to deploy workload: /);
    }
    const now = await control.info('default', node.nodeId);
    assert.ok(now.available_agents <= Math.max(1, before.available_agents));
  });

  it('deploys at once: the real node loses some, ours runs them all', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `together${index}`);
    const requests = await Promise.all(
      names.map((name) => client.prepare(name, 'v8', `() => "${name}"`)),
    );
    const answers = await Promise.all(requests.map((request) => client.deploy(request)));
    for (const answer of answers) assert.match(answer, uuid);
    for (const name of names) {
      assert.equal((await connection.request(name, '', { timeout: 20_000 })).string(), `"${name}"`);
    }
  });

  it('an AUCTION of null: the real node crashes, ours bids', async () => {
    const { data } = await client.ask(controlSubjects.auction, 'null');
    assert.equal((data as { node_id: string }).node_id, node.nodeId);
  });

  it('a stop of a dead agent: the real node answers twice and lists it for ever, ours once', async () => {
    const workloadId = await client.deploy(await client.prepare('dead', 'v8', '() => 1'));
    const { agentPid = 0 } = (await dev.workloads()).find(({ id }) => id === workloadId)!;
    process.kill(agentPid, 'SIGKILL');
    const answers: Record<string, unknown>[] = [];
    const inbox = 'bugs.answers';
    connection.subscribe(inbox, { callback: (_, answer) => void answers.push(answer.json()) });
    const subject = controlSubjects.stop('default', node.nodeId);
    const request = { workload_id: workloadId, workload_jwt: client.claim({}, -3) };
    connection.publish(subject, JSON.stringify(request), { reply: inbox });
    const deadline = Date.now() + 20_000;
    while (answers.length === 0 && Date.now() < deadline) await client.ask(subject, 'null');
    const { machines } = await control.info('default', node.nodeId);
    assert.ok(machines.every(({ id }) => id !== workloadId));
    assert.equal(answers.length, 1);
    assert.equal(answers[0]?.['error'], undefined);
  });

  it('the event of a lame duck: dated to the start by the real node, to its moment by ours', async () => {
    const entered = new Promise<number>((resolve) => {
      connection.subscribe('$NEX.events.system.node_entered_lameduck', {
        callback: (_, message) => resolve(Date.parse(message.json<{ time: string }>().time)),
      });
    });
    const asked = Date.now();
    await client.ask(controlSubjects.lameDuck(node.nodeId));
    assert.ok((await entered) >= asked);
  });
});
