import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Kvm } from '@nats-io/kv';
import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { startTestNode, type TestNode } from '../support/devNode.ts';
import { runNexdev } from '../support/nexdev.ts';

const examples = join(import.meta.dirname, '../../examples');

describe('examples', () => {
  let node: TestNode;
  let connection: NatsConnection;
  before(async () => {
    node = await startTestNode();
    connection = await node.connect();
  });
  after(() => node.stop());

  const deploy = async (file: string, subject: string): Promise<void> => {
    const args = ['devrun', file, `--trigger_subject=${subject}`];
    const { code, stderr } = await runNexdev(args, node.environment);
    assert.equal(code, 0, stderr);
  };

  const ask = async (subject: string, payload = ''): Promise<unknown> =>
    (await connection.request(subject, payload, { timeout: 20_000 })).json();

  it('echo.js answers subject and payload', async () => {
    await deploy(join(examples, 'echo.js'), 'echo');
    assert.deepEqual(await ask('echo', 'hello nex!'), {
      triggered_on: 'echo',
      payload: 'hello nex!',
    });
  });

  describe('telemetry.js', () => {
    const alerts: string[] = [];
    let receiver: Server;
    before(async () => {
      receiver = createServer((request, response) => {
        void text(request).then((body) => {
          alerts.push(`${request.method} ${request.url} ${body}`);
          response.end('noted');
        });
      });
      receiver.listen(0, '127.0.0.1');
      await once(receiver, 'listening');
      const address = receiver.address();
      assert.ok(address !== null && typeof address === 'object');
      const source = readFileSync(join(examples, 'telemetry.js'), 'utf8');
      const file = join(node.directory, 'telemetry.js');
      writeFileSync(
        file,
        source.replace(
          /const ALERT_URL = '.*?:\d+/,
          `const ALERT_URL = 'http://127.0.0.1:${address.port}`,
        ),
      );
      await deploy(file, 'telemetry.*');
    });
    after(() => receiver.close());

    it('keeps a cool reading and alerts nobody', async () => {
      const reading = '{"deviceId":"d0","temperature":21}';
      assert.deepEqual(await ask('telemetry.hall', reading), {
        ok: true,
        subject: 'telemetry.hall',
        device: 'd0',
        temperature: 21,
        kv_bucket: 'iot_devices',
        object_bucket: 'iot_history',
        http_alert: null,
      });
      assert.deepEqual(alerts, []);
    });

    it('keeps a hot one, and posts one alert', async () => {
      const reading = '{"deviceId":"d1","temperature":35}';
      const reply = (await ask('telemetry.hall', reading)) as { http_alert: unknown };
      assert.deepEqual(reply.http_alert, { status: 200, length: 5 });
      const stored = await (await new Kvm(connection).open('iot_devices')).get('d1');
      assert.equal(stored?.string(), reading);
      const history = await (await new Objm(connection).open('iot_history')).list();
      const names = history.map(({ name }) => name).filter((name) => name.startsWith('d1-'));
      assert.equal(names.length, 1);
      assert.match(names[0]!, /^d1-\d+\.json$/);
      assert.equal(alerts.length, 1);
      assert.match(alerts[0]!, /^POST \/alerts \{"device":"d1","temperature":35,"time":\d+,/);
    });

    it('keeps a reading whose alert cannot be sent', async () => {
      receiver.closeAllConnections();
      await new Promise((closed) => receiver.close(closed));
      const reading = '{"deviceId":"d2","temperature":36}';
      const reply = (await ask('telemetry.hall', reading)) as { ok: boolean; http_alert: unknown };
      assert.deepEqual([reply.ok, reply.http_alert], [true, null]);
    });
  });

  it('jokes.js tells a joke that was put there before', async () => {
    await deploy(join(examples, 'jokes-seed.js'), 'jokes.seed');
    await deploy(join(examples, 'jokes.js'), 'jokes');
    const jokes = [{ setup: 'Knock knock?', punchline: 'No responders.' }];
    assert.deepEqual(await ask('jokes.seed', JSON.stringify(jokes)), { stored: 1 });
    assert.deepEqual(await ask('jokes'), { joke: 'Knock knock?', punchline: 'No responders.' });
    assert.deepEqual(await ask('jokes.seed'), { stored: 3 });
  });
});
