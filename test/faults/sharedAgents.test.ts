import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { before, describe, it } from 'mocha';
import type { DevClient } from '../../runtime/client/devClient.ts';
import type { DeployExtension } from '../../runtime/protocol/controlApi.ts';
import type { WorkloadDetail } from '../../runtime/protocol/devApi.ts';
import { CdpClient } from '../support/cdpClient.ts';
import { assembleWat, watProgram } from '../support/wat.ts';
import { untilDetail } from '../support/untilDetail.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';

/** Takes 50 ms, or what memory there is, and answers its version. */
const busy = (version: number) => `async (subject, payload) => {
  if (payload[0] === 104) for (const kept = []; ;) kept.push(new Array(1000).fill(kept));
  await new Promise((resolve) => setTimeout(resolve, 50));
  return ${version};
}`;

describe('two versions in one agent', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;

  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
  });

  const deploy = (name: string, source: string, extension: DeployExtension = {}) =>
    deployFunction(node, connection, {
      file: `${name}.js`,
      source,
      subjects: [`versions.${name}`],
      extension,
    });
  const request = (name: string, payload = '') =>
    connection.request(`versions.${name}`, payload, { timeout: 20_000 });
  const codeOf = (reply: Msg) => reply.headers?.get('Nats-Service-Error-Code');

  const until = (name: string, accepts?: (detail: WorkloadDetail) => boolean) =>
    untilDetail(dev, `${name}js`, accepts);
  const detailOf = (name: string) => until(name, ({ agentPid }) => agentPid !== undefined);

  it('follow each other without a new process', async () => {
    await deploy('saved', '() => 0');
    const { agentPid } = await detailOf('saved');
    for (const version of [1, 2, 3]) {
      await deploy('saved', `() => ${version}`);
      assert.equal((await request('saved')).string(), String(version));
    }
    assert.equal((await detailOf('saved')).agentPid, agentPid);
  });

  const ownAgents: [what: string, extension: DeployExtension][] = [
    ['other limits', { limits: { memoryMb: 64 } }],
    ['to wait for a debugger', { waitForDebugger: true }],
  ];
  for (const [what, extension] of ownAgents) {
    it(`are never one that is to have ${what} and one that is not`, async () => {
      await deploy('apart', '() => 1');
      const { agentPid } = await detailOf('apart');
      await deploy('apart', '() => 2', extension);
      assert.notEqual((await detailOf('apart')).agentPid, agentPid);
    });
  }

  it('are never where a debugger has been', async () => {
    await deploy('debugged', '() => 1');
    const { id, agentPid } = await detailOf('debugged');
    const { webSocketUrl } = await dev.inspector({ workload: id });
    (await CdpClient.connect(webSocketUrl)).close();
    await deploy('debugged', '() => 2');
    assert.equal((await request('debugged')).string(), '2');
    assert.notEqual((await detailOf('debugged')).agentPid, agentPid);
  });

  it('are one again where the new one does not compile', async () => {
    await deploy('kept', '() => 1');
    const { agentPid } = await detailOf('kept');
    await assert.rejects(deploy('kept', '() => {'));
    await assert.rejects(deploy('kept', '() => }'));
    assert.equal((await request('kept')).string(), '1');
    const { agentPid: still, restarts } = await detailOf('kept');
    assert.deepEqual([still, restarts], [agentPid, 0]);
  });

  it('answer in turn, and the new one goes on where the old one has eaten its memory', async () => {
    const limits = { memoryMb: 32 };
    await deploy('hungry', busy(1), { limits });
    const { agentPid } = await detailOf('hungry');
    const old = ['', '', '', '', 'h'].map((payload) => request('hungry', payload));
    await connection.flush();
    await deploy('hungry', busy(2), { limits });
    const replies = await Promise.all([...old, request('hungry'), request('hungry')]);
    assert.deepEqual(
      replies.map((reply) => codeOf(reply) ?? reply.string()),
      ['1', '1', '1', '1', '507', '2', '2'],
    );
    const { agentPid: still, restarts } = await detailOf('hungry');
    assert.deepEqual([still, restarts], [agentPid, 0]);
  });

  it('leave nobody without an answer when their agent is killed', async () => {
    await deploy('killed', busy(1));
    const { agentPid } = await detailOf('killed');
    const old = Array.from({ length: 40 }, () => request('killed'));
    await old[0];
    await deploy('killed', busy(2));
    const held = [request('killed'), request('killed')];
    await connection.flush();
    await until('killed', ({ waiting }) => waiting === held.length);
    process.kill(Number(agentPid), 'SIGKILL');
    assert.deepEqual((await Promise.all(held)).map(codeOf), ['502', '502']);
    await until('killed', ({ state, restarts }) => state === 'running' && restarts === 1);
    assert.equal((await request('killed')).string(), '2');
  });

  it('leave the file of the newest behind, and of no other', async () => {
    const files = () =>
      readdirSync(tmpdir())
        .filter((name) => name.startsWith(`nexdev-artifacts-${node.pid}-`))
        .flatMap((name) => readdirSync(join(tmpdir(), name)));
    for (const digit of [49, 50, 51]) {
      const body = `(i32.store8 (i32.const 100) (i32.const ${digit}))
        (call $write (i32.const 1) (i32.const 100) (i32.const 1))`;
      const source = await assembleWat(watProgram({ body }));
      const subjects = ['versions.wat'];
      await deployFunction(node, connection, { file: 'wat.wasm', source, subjects });
      assert.equal((await request('wat')).string(), String.fromCharCode(digit));
    }
    while (files().length > 1) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal((await request('wat')).string(), '3');
  });
});
