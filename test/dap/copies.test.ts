import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kvm } from '@nats-io/kv';
import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, afterEach, before, describe, it } from 'mocha';
import { DevClient } from '../../runtime/client/devClient.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import type { WorkloadDetail } from '../../runtime/protocol/devApi.ts';
import { DapClient, endClients } from '../support/dapClient.ts';
import { isolatedEnvironment, startTestNode, type TestNode } from '../support/devNode.ts';
import { Production, login } from '../support/production.ts';

const counting = `(subject, payload) => {
  const orders = kv('orders');
  let count = 0;
  try { count = Number(String.fromCharCode(...orders.get('count'))); } catch { count = 0; }
  const bytes = Uint8Array.from(String(count + 1), (c) => c.charCodeAt(0));
  orders.set('count', bytes);
  messaging.publish('counted', orders.get('count'));
  return String.fromCharCode(...payload);
};
`;

/** Only a copy cannot send the request, and then never ends: by itself, or so that nothing but its node can end it. */
const stuck = `(subject, payload) => {
  const text = String.fromCharCode(...payload);
  try { messaging.request('helper', payload); } catch {
    if (text === 'loop') for (;;) {}
    for (;;) new Array(1000).fill(text);
  }
  return text;
};
`;

describe('a copy of a workload', () => {
  let local: TestNode;
  let localConnection: NatsConnection;
  let dev: DevClient;
  let production: Production;

  before(async () => {
    local = await startTestNode();
    localConnection = await local.connect();
    production = await Production.start(local.environment);
    const { issuer } = await readKeys(join(local.directory, '.nex'));
    dev = new DevClient(localConnection, issuer, local.nodeId);
    production.connection.subscribe('helper', { callback: (_, message) => void message.respond() });
  });
  afterEach(async () => {
    await endClients();
    assert.deepEqual(await copies(), []);
  });

  const copies = async (): Promise<WorkloadDetail[]> =>
    (await dev.workloads()).filter(({ copy }) => copy === true);
  const configuration = (workload: string, more: object = {}) => ({
    ...{ copyOf: { workload }, server: production.url, ...login, ...more },
  });
  const untilRestarted = async () => {
    while ((await copies()).every(({ restarts, state }) => restarts === 0 || state !== 'running')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('stops at breakpoints while the original answers each request once, and writes nothing', async () => {
    const { program, name } = await production.deploy('counting.js', counting, ['orders.*']);
    const client = await DapClient.start(local);
    await client.debug({ ...configuration(name), program }, [6, 8]);
    assert.match(client.printed, /answers nothing, and writes nothing/);
    assert.equal((await production.ask('orders.new', 'first')).json(), 'first');
    const stop = await client.stopped();
    assert.deepEqual([stop.line, stop.path], [6, program]);
    assert.equal((await production.ask('orders.new', 'second')).json(), 'second');
    await client.continue(stop.threadId);
    const written = await client.stopped();
    // Its own write is what it reads, and stands in no bucket.
    const own = await client.value(
      "Number(String.fromCharCode(...kv('orders').get('count')))",
      written.frameId,
    );
    assert.equal(Number(own), Number(await client.value('count', written.frameId)) + 1);
    await client.continue(written.threadId);
    await client.continue((await client.stopped()).threadId);
    await client.continue((await client.stopped()).threadId);
    const [copy] = await copies();
    await client.disconnectRequest();
    assert.deepEqual(await production.replyCounts(), { first: 1, second: 1 });
    const kv = await new Kvm(production.connection).open('orders');
    const entry = await kv.get('count');
    assert.deepEqual([entry?.string(), entry?.revision], ['2', 2]);
    assert.equal(production.seen.filter(({ subject }) => subject === 'counted').length, 2);
    assert.deepEqual(production.mentions(copy?.id ?? 'none'), []);
    assert.deepEqual(production.mentions(copy?.name ?? 'none'), []);
    assert.deepEqual(production.mentions(local.nodeId), []);
  });

  it('never answers, whatever its end: killed in the debugger, past its time, or past its memory', async () => {
    const limits = { timeoutMs: 400, memoryMb: 32 };
    const { program, name } = await production.deploy('stuck.js', stuck, ['stuck'], { limits });
    const client = await DapClient.start(local);
    await client.debug({ ...configuration(name), program }, [2]);
    assert.equal((await production.ask('stuck', 'killed')).json(), 'killed');
    await client.stopped();
    const [copy] = await copies();
    process.kill(copy?.agentPid ?? 0, 'SIGKILL');
    await untilRestarted();
    await client.breakAt(program, []);
    for (const payload of ['loop', 'memory']) {
      const failed = logOf(localConnection, /execution failed with error/);
      assert.equal((await production.ask('stuck', payload)).json(), payload);
      await failed;
    }
    // The node answers for an agent that died within a second.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await client.disconnectRequest();
    const { killed, loop, memory } = await production.replyCounts();
    assert.deepEqual([killed, loop, memory], [1, 1, 1]);
    assert.deepEqual(production.mentions(copy?.id ?? 'none'), []);
  });

  it('says when another version is deployed, which a restart of the session debugs', async () => {
    const { program, name } = await production.deploy('versions.js', '() => 1;', ['versions']);
    const client = await DapClient.start(local);
    await client.debug({ ...configuration(name), program }, [1]);
    await production.deploy('versions.js', '() => 2;', ['versions']);
    await client.printedText('versionsjs was deployed anew');
    await client.restartRequest({});
    assert.equal((await production.ask('versions', 'newer')).json(), 2);
    const { frames, threadId } = await client.stopped();
    assert.equal(frames[0]?.source?.path, program);
    assert.equal((await copies()).length, 1);
    await client.continue(threadId);
    await client.disconnectRequest();
    assert.equal((await production.replyCounts())['newer'], 1);
  });

  it('sends for real where its host services are live', async () => {
    const source = "() => { messaging.publish('told', new Uint8Array(1)); return 1; }";
    const { name } = await production.deploy('telling.js', source, ['telling']);
    const client = await DapClient.start(local);
    const hostServices = 'live';
    await client.initializeRequest();
    const args = configuration(name, { hostServices, stopOnEntry: true });
    await client.launchRequest(args as object);
    await client.configurationDoneRequest();
    await production.ask('telling', 'x');
    await client.continue((await client.stopped()).threadId);
    const told = () => production.seen.filter(({ subject }) => subject === 'told').length;
    while (told() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal((await production.replyCounts())['x'], 1);
  });

  const refusals: [what: string, copyOf: object, code: RegExp][] = [
    ['a workload that is not there', { workload: 'nothing' }, /No workload nothing runs/],
    ['a configuration without a workload', {}, /"copyOf\.workload"/],
  ];
  for (const [what, copyOf, text] of refusals) {
    it(`cannot be had of ${what}`, async () => {
      const client = await DapClient.start(local);
      await client.initializeRequest();
      const launched = client.launchRequest(configuration('', { copyOf }) as object);
      await assert.rejects(launched, text);
    });
  }
});

describe('a copy of a workload on a node of somebody else, deployed by a plain client', () => {
  let local: TestNode;
  let production: Production;
  let home: string;

  before(async () => {
    local = await startTestNode();
    home = await mkdtemp(join(tmpdir(), 'nexdev-production-'));
    production = await Production.start(isolatedEnvironment(home));
  });
  afterEach(endClients);
  after(() => rm(home, { recursive: true, force: true }));

  const launch = async (workload: string, more: object) => {
    const client = await DapClient.start(local);
    const args = { copyOf: { workload }, server: production.url, ...login, ...more };
    await client.initializeRequest();
    return { client, launched: client.launchRequest(args as object) };
  };
  const forgetSources = async () => {
    await (await new Objm(production.connection).open('NEXDEV_SOURCES')).destroy();
  };

  it('learns its subjects from events, and shows the text that runs', async () => {
    const { name } = await production.deploy('plain.js', '(s) =>\n  s + 1;\n', ['plain.*']);
    await forgetSources();
    const { client, launched } = await launch(name, { stopOnEntry: true });
    const asking = setInterval(() => production.connection.publish('plain.a', 'noise'), 100);
    await launched.finally(() => clearInterval(asking));
    await client.configurationDoneRequest();
    assert.match(client.printed, /what comes on plain\.\*/);
    assert.equal((await production.ask('plain.b', 'asked')).json(), 'plain.b1');
    const { frames } = await client.stopped();
    const source = frames[0]?.source;
    assert.equal(source?.path, undefined);
    const { content } = (
      await client.sourceRequest({ sourceReference: source?.sourceReference ?? 0 })
    ).body;
    assert.equal(content, '(s) =>\n  s + 1;\n');
    await client.disconnectRequest();
    assert.equal((await production.replyCounts())['asked'], 1);
  });

  it('asks for a subject where no message comes, and for the file where the artifact is gone', async () => {
    const { name, program } = await production.deploy('quiet.js', '() => 1;', ['quiet']);
    await forgetSources();
    await assert.rejects((await launch(name, {})).launched, /"subject" in the debug configuration/);
    await (await new Objm(production.connection).open('NEXCLIFILES')).delete(name);
    const subject = 'quiet';
    await assert.rejects((await launch(name, { subject })).launched, /"program" in the debug/);
    const { client, launched } = await launch(name, { subject, program });
    await launched;
    await client.breakAt(program, [1]);
    await client.configurationDoneRequest();
    assert.equal((await production.ask('quiet', 'now')).json(), 1);
    const { frames } = await client.stopped();
    assert.equal(frames[0]?.source?.path, program);
  });
});

/** Resolves when a workload of that NATS logs something that matches. */
async function logOf(connection: NatsConnection, pattern: RegExp): Promise<void> {
  for await (const message of connection.subscribe('$NEX.logs.>')) {
    if (pattern.test(message.string())) return;
  }
}
