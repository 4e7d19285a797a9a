import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Objm } from '@nats-io/obj';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import type { DevClient } from '../../runtime/client/devClient.ts';
import type { DeployExtension } from '../../runtime/protocol/controlApi.ts';
import type { WorkloadDetail } from '../../runtime/protocol/devApi.ts';
import {
  deployFunction,
  startConnectedNode,
  startTestNode,
  type TestNode,
} from '../support/devNode.ts';
import { untilDetail } from '../support/untilDetail.ts';
import { descendantsOf, untilGone } from '../support/processes.ts';

describe('a function that breaks its limits or dies', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;

  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
  });
  after(() => node.stop());

  const deploy = (name: string, source: string, limits: DeployExtension['limits'] = {}) =>
    deployFunction(node, connection, {
      file: `${name}.js`,
      source,
      subjects: [`faults.${name}`],
      extension: { limits },
    });
  const request = (name: string, payload = '') =>
    connection.request(`faults.${name}`, payload, { timeout: 20_000 });
  const codeOf = (reply: Msg) => reply.headers?.get('Nats-Service-Error-Code');

  const untilState = (name: string, accepts: (detail: WorkloadDetail) => boolean) =>
    untilDetail(dev, `${name}js`, accepts);

  it('is stopped in an endless loop, and answers the next message', async () => {
    await deploy('loop', "(s, p) => { if (p.length) return 'fine'; for (;;); }", {
      timeoutMs: 300,
    });
    assert.equal(codeOf(await request('loop')), '504');
    assert.equal((await request('loop', 'x')).string(), '"fine"');
  });

  it('is timed out when its promise never settles', async () => {
    await deploy('never', '() => new Promise(() => {})', { timeoutMs: 300 });
    assert.equal(codeOf(await request('never')), '504');
    assert.equal((await untilState('never', () => true)).restarts, 0);
  });

  it('is ended from outside where V8 cannot interrupt it, answers, and comes back', async () => {
    await deploy(
      'wedge',
      "(s, p) => { if (p.length) return 'back'; const f = 'x'; for (;;) new Array(1000).fill(f); }",
      { timeoutMs: 300 },
    );
    assert.equal(codeOf(await request('wedge')), '504');
    await untilState('wedge', ({ state, restarts }) => state === 'running' && restarts === 1);
    assert.equal((await request('wedge', 'x')).string(), '"back"');
  });

  it('is ended when it eats memory, answers, and comes back', async () => {
    await deploy(
      'hog',
      "(s, p) => { if (p.length) return 'back'; const k = []; for (;;) k.push(new Array(1000).fill(k)); }",
      { memoryMb: 32 },
    );
    assert.equal(codeOf(await request('hog')), '507');
    await untilState('hog', ({ state, restarts }) => state === 'running' && restarts === 1);
    assert.equal((await request('hog', 'x')).string(), '"back"');
  });

  it('is replaced while its agent is being started again', async () => {
    const hog = '() => { const k = []; for (;;) k.push(new Array(1000).fill(k)); }';
    await deploy('replaced', hog, { memoryMb: 32 });
    assert.equal(codeOf(await request('replaced')), '507');
    await deploy('replaced', "() => 'fixed'");
    const replies = await Promise.all(['', '', ''].map(() => request('replaced')));
    assert.deepEqual(
      replies.map((reply) => reply.string()),
      ['"fixed"', '"fixed"', '"fixed"'],
    );
  });

  it('answers its caller when its agent is killed', async () => {
    await deploy('killed', "(s, p) => { if (p.length) return 'back'; console.log(s); for (;;); }");
    const began = firstLog('faults.killed');
    const answer = request('killed');
    await began;
    process.kill(await agentPid('killed'), 'SIGKILL');
    assert.equal(codeOf(await answer), '502');
    await untilState('killed', ({ state, restarts }) => state === 'running' && restarts === 1);
    assert.equal((await request('killed', 'x')).string(), '"back"');
  });

  it('leaves nobody without an answer who waited behind the message that ended its agent', async () => {
    await deploy(
      'queue',
      "(s, p) => { if (p.length) return 'fine'; const f = 'x'; for (;;) new Array(1000).fill(f); }",
      { timeoutMs: 300 },
    );
    const answers = await Promise.all([
      request('queue'),
      ...['a', 'b', 'c'].map((payload) => request('queue', payload)),
    ]);
    assert.deepEqual(answers.map(codeOf), ['504', '502', '502', '502']);
  });

  it('keeps its memory flat over many calls', async () => {
    await deploy('flat', '(s, p) => p.length');
    const call = async (count: number) => {
      for (let done = 0; done < count; done += 1) await request('flat', 'x');
    };
    await call(300);
    const before = residentKilobytes(await agentPid('flat'));
    await call(1500);
    const grown = residentKilobytes(await agentPid('flat')) - before;
    // The real agent leaks 150 kB a call.
    assert.ok(grown < 60_000, `grew by ${grown} kB`);
  }).timeout(60_000);

  const agentPid = async (name: string) => {
    const { agentPid: pid } = await untilState(name, ({ state }) => state === 'running');
    assert.ok(pid !== undefined);
    return pid;
  };

  function firstLog(subject: string): Promise<void> {
    return new Promise((resolve) => {
      connection.subscribe('$NEX.logs.>', {
        callback: (_, message) => {
          if (message.string().includes(subject)) resolve();
        },
      });
    });
  }
});

const residentKilobytes = (pid: number) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString());

describe('a node that dies', () => {
  it('leaves no process behind, and its store to the next', async () => {
    const home = mkdtempSync(join(tmpdir(), 'nexdev-dies-'));
    const first = await startTestNode([], home);
    const connection = await first.connect();
    await deployFunction(first, connection, {
      file: 'busy.js',
      source: '() => { for (;;); }',
      subjects: ['busy'],
    });
    connection.publish('busy', '');
    await connection.flush();
    const below = descendantsOf(first.pid).map(({ pid }) => pid);
    assert.ok(below.length >= 2);
    process.kill(first.pid, 'SIGKILL');
    await untilGone(below);
    await connection.close();

    const second = await startTestNode([], home);
    const again = await second.connect();
    const artifacts = await new Objm(again).open('NEXCLIFILES');
    assert.equal((await artifacts.list())[0]?.name, 'busyjs');
    await second.stop();
  });

  it('ends with Ctrl-C, and everything below it too', async () => {
    const node = await startTestNode();
    const below = descendantsOf(node.pid).map(({ pid }) => pid);
    process.kill(node.pid, 'SIGINT');
    assert.equal(await node.exited, 0);
    await untilGone(below);
  });
});
