import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { z } from 'zod';
import type { DevClient } from '../../runtime/client/devClient.ts';
import { CdpClient } from '../support/cdpClient.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';
import { untilGone } from '../support/processes.ts';

describe('an inspector that is not treated well', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;

  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
  });
  after(() => node.stop());

  const deploy = (name: string, source: string) =>
    deployFunction(node, connection, {
      file: `${name}.js`,
      source,
      subjects: [name],
      extension: { limits: { timeoutMs: 200 } },
    });
  const call = async (name: string) =>
    (await connection.request(name, '', { timeout: 20_000 })).string();
  /** The node has ended another function for its limit, which was called later and which isolated-vm cannot interrupt. */
  const untilLimitIsPast = async () => {
    await deploy('wedge', '(s) => { for (;;) new Array(1000).fill(s); }');
    const { headers } = await connection.request('wedge', '', { timeout: 20_000 });
    assert.equal(headers?.get('Nats-Service-Error-Code'), '504');
  };
  const attach = async (name: string, query = '') => {
    const { webSocketUrl } = await dev.inspector({ workload: `${name}js` });
    return CdpClient.connect(webSocketUrl + query);
  };
  const restarts = async (name: string) =>
    (await dev.workloads()).find((each) => each.name === `${name}js`)?.restarts;

  it('survives callers it refuses, also those that hang up or send no address', async () => {
    await deploy('knock', "() => 'still here'");
    const { webSocketUrl } = await dev.inspector({ workload: 'knockjs' });
    const { port } = new URL(webSocketUrl);
    for (const path of ['/wrong', '//[', '/wrong', '/wrong', '/wrong', '/wrong']) {
      await knock(Number(port), path);
    }
    assert.equal(await call('knock'), '"still here"');
    assert.equal(await restarts('knock'), 0);
  });

  it('lets the clock stand still after a client turned its debugger off and on while stopped', async () => {
    await deploy('toggle', "() => { debugger; return 'went on'; }");
    const client = await attach('toggle');
    await client.send('Debugger.enable');
    const first = call('toggle');
    await client.event('Debugger.paused');
    await client.send('Debugger.disable');
    assert.equal(await first, '"went on"');

    await client.send('Debugger.enable');
    const second = call('toggle');
    await client.event('Debugger.paused');
    await untilLimitIsPast();
    await client.send('Debugger.resume');
    assert.equal(await second, '"went on"');
    assert.equal(await restarts('toggle'), 0);
    client.close();
  });

  it('lets the clock stand still for a message that comes while an evaluation is stopped', async () => {
    await deploy('idle', "() => 'answered'");
    const client = await attach('idle');
    await client.send('Debugger.enable');
    await client.send('Runtime.enable');
    const created = await client.event('Runtime.executionContextCreated');
    const contextId = contextSchema.parse(created).context.id;
    void client.send('Runtime.evaluate', { expression: 'debugger; 1', contextId });
    await client.event('Debugger.paused');
    const answer = call('idle');
    await untilLimitIsPast();
    await client.send('Debugger.resume');
    assert.equal(await answer, '"answered"');
    assert.equal(await restarts('idle'), 0);
    client.close();
  });

  it('ends a replaced version as soon as it has answered what a debugger held back', async () => {
    await deploy('held', "() => 'old'");
    const client = await attach('held', '?hold=1');
    const answer = call('held');
    const [old] = (await dev.workloads()).filter(({ name }) => name === 'heldjs');
    assert.ok(old?.agentPid !== undefined);
    await deploy('held', "() => 'new'");
    client.close();
    assert.equal(await answer, '"old"');
    await untilGone([old.agentPid]);
    assert.equal(await call('held'), '"new"');
  });
});

const contextSchema = z.object({ context: z.looseObject({ id: z.number() }) });

/** Asks for a WebSocket and hangs up at once, as hard as TCP can. */
async function knock(port: number, path: string): Promise<void> {
  const socket = connectTcp(port, '127.0.0.1');
  await once(socket, 'connect');
  const request = [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...upgradeHeaders, '', ''];
  await new Promise((resolve) => socket.write(request.join('\r\n'), resolve));
  socket.resetAndDestroy();
  await once(socket, 'close');
}

const upgradeHeaders = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
