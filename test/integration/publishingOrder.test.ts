import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { controlSubjects } from '../../runtime/protocol/controlApi.ts';
import { startConnectedNode, type TestNode } from '../support/devNode.ts';
import { PlainClient } from '../support/plainClient.ts';

describe('what one call publishes', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let client: PlainClient;
  /** Replies, events by type and log texts, in the order in which they came. */
  let heard: string[];
  before(async () => {
    ({ node, connection } = await startConnectedNode());
    client = await PlainClient.create(node, connection);
    for (const subject of ['$NEX.events.*.*', '$NEX.logs.>', 'order.reply.>']) {
      connection.subscribe(subject, {
        callback: (_, message) => {
          const [, kind, , type = ''] = message.subject.split('.');
          if (kind === 'logs') heard.push(message.json<{ text: string }>().text);
          else if (kind === 'events') heard.push(type);
          else heard.push('reply');
        },
      });
    }
  });
  after(() => node.stop());

  /** What is heard until `last`, with only one kind of times in it. */
  async function heardUntil(last: string): Promise<string[]> {
    const deadline = Date.now() + 20_000;
    while (!heard.includes(last) && Date.now() < deadline) await pause(10);
    return heard.map((text) => text.replace(/\(\d+ns\)/, '(ns)'));
  }

  async function deploy(name: string, type: 'v8' | 'native', source: string): Promise<void> {
    const body = JSON.stringify(await client.prepare(name, type, source));
    heard = [];
    const subject = controlSubjects.deploy('default', node.nodeId);
    connection.publish(subject, body, { reply: 'order.reply.deploy' });
  }

  it('of a deploy: the reply, the event, the log, each time', async () => {
    for (let index = 0; index < 10; index += 1) {
      await deploy(`deployed${index}`, 'v8', '() => 1');
      const told = `Workload deployed${index} deployed`;
      assert.deepEqual(await heardUntil(told), ['reply', 'workload_deployed', told]);
    }
  });

  it('of a message: the call, the event, its log, the reply; of a failed one too', async () => {
    await deploy('called', 'v8', '(s, p) => { if (p.length > 0) throw "no" }');
    await heardUntil('Workload called deployed');
    const call = async (payload: string) => {
      heard = [];
      connection.publish('called', payload, { reply: 'order.reply.call' });
      return heardUntil('reply');
    };
    assert.deepEqual(await call(''), [
      'calling js function via trigger subject: called',
      'function_exec_succeeded',
      'Function called execution succeeded (ns)',
      'reply',
    ]);
    assert.deepEqual(await call('x'), [
      'calling js function via trigger subject: called',
      'v8 execution failed with error: no',
      'function_exec_failed',
      'Function execution failed',
      'reply',
    ]);
  });

  it('of the end of a service: its exit, then that it is gone', async () => {
    await deploy('ends', 'native', '#!/bin/sh\n/bin/sleep 1\n');
    const all = await heardUntil('Workload undeployed');
    const told = all.slice(all.indexOf('Workload ends deployed') + 1);
    assert.deepEqual(told, [
      'workload_undeployed',
      'Workload ends exited',
      'workload_undeployed',
      'Workload undeployed',
    ]);
  });

  it('of a stop: that it is gone once, and the reply', async () => {
    const id = await client.deploy(await client.prepare('stopped', 'v8', '() => 1'));
    await heardUntil('Workload stopped deployed');
    heard = [];
    const request = { workload_id: id, workload_jwt: client.claim({}, -3) };
    connection.publish(controlSubjects.stop('default', node.nodeId), JSON.stringify(request), {
      reply: 'order.reply.stop',
    });
    const told = await heardUntil('reply');
    assert.deepEqual(told, ['workload_undeployed', 'Workload undeployed', 'reply']);
  });
});
