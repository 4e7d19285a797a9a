import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { before, describe, it } from 'mocha';
import { z } from 'zod';
import type { DevClient } from '../../runtime/client/devClient.ts';
import { debuggerCommand } from '../../runtime/agent/service/debuggerCommand.ts';
import { debuggerKinds } from '../../runtime/protocol/serviceDebugger.ts';
import { CdpClient } from '../support/cdpClient.ts';
import { startConnectedNode, type TestNode } from '../support/devNode.ts';
import { deployService, Publications } from '../support/services.ts';

const service =
  '#!/usr/bin/env node\nconsole.log(JSON.stringify(process.env));\nsetTimeout(() => {}, 1e6);\n';

describe('a service under its own debugger', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;

  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
  });

  it('waits for a client before its first line, and has the environment it would have', async () => {
    const publications = new Publications(connection);
    const plain = { file: 'plain', source: service, env: { a: '1' } };
    await deployService(node, connection, plain);
    const expected = environmentOf((await publications.log(/^\{/)).text);
    publications.logs.length = 0;

    const { workloadId } = await deployService(node, connection, {
      ...plain,
      file: 'debugged',
      extension: { replace: true, debugger: { kind: 'node', path: process.execPath } },
    });
    const detail = (await dev.workloads()).find(({ id }) => id === workloadId);
    assert.equal(detail?.debugger?.kind, 'node');
    const client = await CdpClient.connect(await webSocketUrl(detail.debugger.port));
    assert.ok(!publications.text.includes('NATS_URL'), 'it runs only when the client lets it');
    await client.send('Runtime.enable');
    await client.send('Runtime.runIfWaitingForDebugger');
    await client.send('Debugger.enable');
    await client.send('Debugger.resume');
    assert.deepEqual(environmentOf((await publications.log(/^\{/)).text), expected);
    client.close();
  });

  it('is refused where its debugger is not installed', async () => {
    const refused = deployService(node, connection, {
      file: 'missing',
      source: service,
      extension: { debugger: { kind: 'dlv', path: join(node.directory, 'no-dlv') } },
    });
    await assert.rejects(refused, /no-dlv is not on the PATH of the node; to get it: go install/);
  });

  const commandLines: Record<(typeof debuggerKinds)[number], string> = {
    dlv: 'exec --headless --api-version=2 --accept-multiclient --listen=127.0.0.1:4000 /s -- -a b',
    lldb: 'gdbserver 127.0.0.1:4000 -- /s -a b',
    node: '--inspect-brk=127.0.0.1:4000 /s -a b',
    debugpy: '-m debugpy --listen 127.0.0.1:4000 --wait-for-client /s -a b',
  };
  for (const kind of debuggerKinds) {
    it(`is started by ${kind} with its arguments`, async () => {
      const wanted = { kind, path: process.execPath };
      const { args } = await debuggerCommand(wanted, 4000, { file: '/s', args: ['-a', 'b'] });
      assert.equal(args.join(' '), commandLines[kind]);
    });
  }

  it('is debugged by the interpreter that its first line names', async () => {
    const service = { file: '/s', args: [] };
    const own = ['/venv/bin/python3', '-u'];
    const { file, args } = await debuggerCommand({ kind: 'debugpy' }, 4000, service, own);
    assert.equal(file, '/venv/bin/python3');
    assert.equal(args.join(' '), `-u ${commandLines.debugpy.replace(' -a b', '')}`);
  });
});

const environmentSchema = z.record(z.string(), z.string());

/** But for what names the workload. */
function environmentOf(text: string): Record<string, string> {
  return { ...environmentSchema.parse(JSON.parse(text)), NEXDEV_WORKLOAD: '' };
}

async function webSocketUrl(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/json/list`);
  const [target] = z
    .array(z.object({ webSocketDebuggerUrl: z.string() }))
    .parse(await response.json());
  assert.ok(target !== undefined);
  return target.webSocketDebuggerUrl;
}
