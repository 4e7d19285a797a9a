import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, afterEach, before, describe, it } from 'mocha';
import { z } from 'zod';
import type { InspectorReply } from '../../runtime/protocol/devApi.ts';
import { CdpClient } from '../support/cdpClient.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';

const source = `(subject, payload) => {
  const text = String.fromCharCode(...payload);
  return { text };
}`;

const pausedSchema = z.looseObject({
  callFrames: z.array(z.looseObject({ callFrameId: z.string(), functionName: z.string() })),
});
const valueSchema = z.looseObject({ result: z.looseObject({ value: z.unknown() }) });

describe('the inspector of a workload', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let inspector: InspectorReply;
  const clients: CdpClient[] = [];

  before(async () => {
    const connected = await startConnectedNode();
    ({ node, connection } = connected);
    await deployFunction(node, connection, { file: 'seen.js', source, subjects: ['seen'] });
    inspector = await connected.dev.inspector({ workload: 'seenjs' });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  after(() => node.stop());

  const ask = (text: string) => connection.request('seen', text, { timeout: 20_000 });

  async function attach(query = ''): Promise<CdpClient> {
    const client = await CdpClient.connect(inspector.webSocketUrl + query);
    clients.push(client);
    await client.send('Runtime.enable');
    await client.send('Debugger.enable');
    return client;
  }

  async function breakInside(client: CdpClient): Promise<void> {
    await client.send('Debugger.setBreakpointByUrl', { url: inspector.scriptUrl, lineNumber: 2 });
  }

  it('lists itself as every CDP client expects', async () => {
    const list = z
      .array(z.looseObject({ webSocketDebuggerUrl: z.string(), url: z.string() }))
      .parse(JSON.parse((await get('/json/list')).body));
    assert.equal(list[0]?.webSocketDebuggerUrl, inspector.webSocketUrl);
    assert.equal(list[0].url, inspector.scriptUrl);
    assert.match((await get('/json/version')).body, /"Protocol-Version": "1.3"/);
  });

  it('answers no web page: neither a foreign Host nor an Origin', async () => {
    assert.equal((await get('/json/list', { host: 'evil.example:1' })).status, 403);
    assert.equal((await get('/json/list', { origin: 'https://evil.example' })).status, 403);
    await assert.rejects(
      CdpClient.connect(inspector.webSocketUrl, { origin: 'https://evil.example' }),
    );
    const guessed = new URL('/00000000-0000-4000-8000-000000000000', inspector.webSocketUrl);
    await assert.rejects(CdpClient.connect(guessed.href));
  });

  it('stops a message, shows its variables, lets it go', async () => {
    const client = await attach();
    await breakInside(client);
    const reply = ask('hello');
    const { callFrames } = pausedSchema.parse(await client.event('Debugger.paused'));
    const [frame] = callFrames;
    const { result } = valueSchema.parse(
      await client.send('Debugger.evaluateOnCallFrame', {
        callFrameId: frame?.callFrameId,
        expression: 'text',
      }),
    );
    assert.equal(result.value, 'hello');
    await client.send('Debugger.resume');
    assert.equal((await reply).string(), '{"text":"hello"}');
  });

  it('answers every request made while it is stopped, without a stall', async () => {
    const client = await attach();
    await breakInside(client);
    for (let round = 0; round < 50; round += 1) {
      const reply = ask(`round ${round}`);
      const { callFrames } = pausedSchema.parse(await client.event('Debugger.paused'));
      for (let each = 0; each < 10; each += 1) {
        const { result } = valueSchema.parse(
          await client.send('Debugger.evaluateOnCallFrame', {
            callFrameId: callFrames[0]?.callFrameId,
            expression: `text + ${each}`,
          }),
        );
        assert.equal(result.value, `round ${round}${each}`);
      }
      await client.send('Debugger.resume');
      assert.equal((await reply).string(), `{"text":"round ${round}"}`);
    }
  });

  it('holds messages back until the client has set its breakpoints', async () => {
    const client = await attach('?hold=1');
    const reply = ask('held');
    await connection.flush();
    await breakInside(client);
    await client.send('Runtime.runIfWaitingForDebugger');
    await client.event('Debugger.paused');
    await client.send('Debugger.resume');
    assert.equal((await reply).string(), '{"text":"held"}');
  });

  it('lets a message go when the client that stopped it vanishes', async () => {
    const client = await attach();
    await breakInside(client);
    const reply = ask('abandoned');
    await client.event('Debugger.paused');
    client.close();
    assert.equal((await reply).string(), '{"text":"abandoned"}');
  });

  it('stops again for a client that comes after one that turned its debugger off', async () => {
    const first = await attach();
    await first.send('Debugger.disable');
    first.close();
    await ask('between');
    const client = await attach();
    await breakInside(client);
    const reply = ask('again');
    await client.event('Debugger.paused');
    await client.send('Debugger.resume');
    assert.equal((await reply).string(), '{"text":"again"}');
  });

  it('shows nothing of the runtime, and says when a context is gone', async () => {
    const client = await attach();
    await ask('x');
    await client.event('Runtime.executionContextDestroyed');
    const scripts = client.events
      .filter(({ method }) => method === 'Debugger.scriptParsed')
      .map(({ params }) => params['url'])
      // Earlier evaluations are scripts without a URL.
      .filter((url) => url !== '');
    assert.deepEqual([...new Set(scripts)], [inspector.scriptUrl]);
  });

  it('answers what is no CDP with an error', async () => {
    const client = await attach();
    const { error } = await client.send('No.such');
    assert.match(String(error), /wasn't found/);
  });

  function get(path: string, headers: Record<string, string> = {}) {
    const { hostname, port } = new URL(inspector.webSocketUrl);
    return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      httpRequest({ hostname, port, path, headers }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, body }));
      })
        .on('error', reject)
        .end();
    });
  }
});
