import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { verifyDeployClaims, verifyStopClaims } from '../../runtime/protocol/claims.ts';
import { deployRequestSchema, stopRequestSchema } from '../../runtime/protocol/controlApi.ts';
import { controlSubjectsV04 } from '../../runtime/protocol/controlApiV04.ts';
import { errorLineSchema } from '../../runtime/protocol/cliLines.ts';
import { isolatedEnvironment } from '../support/devNode.ts';
import { startTestServer, type TestServer } from '../support/natsServer.ts';
import { NexdevProcess, runNexdev } from '../support/nexdev.ts';
import { RecordedNode } from '../support/recordedNode.ts';
import { readConversation, readRecording } from '../support/recording.ts';

/** Of cli-queries, of run-and-stop, and of Nex 0.4.1. */
const queried = 'NBH54FDV7WGUARSMKXIMD3L374IHLRXOQXQNOK4PB2P7N4PNAQG44COV';
const runner = 'NBO2G3Z73IWSFY25EL7O2XUYI6BSUEKOXYCXYI2SHR7CQV5AC7D67IE4';
const newer = 'NASAY6DZYP262WHQGVVSJNW6MFS7IAWPOTLNEFWXDKR35AZGKWNGO47R';

describe('nexdev and nodes of real Nex, as they were recorded', () => {
  let server: TestServer;
  let connection: NatsConnection;
  let directory: string;
  let ran: RecordedNode;
  before(async () => {
    server = await startTestServer();
    directory = mkdtempSync(join(tmpdir(), 'nexdev-recorded-'));
    connection = await connect({ servers: server.url });
    new RecordedNode(connection, readConversation('cli-queries').exchanges);
    ran = new RecordedNode(connection, readConversation('run-and-stop').exchanges);
    for (const scenario of ['ping', 'info', 'list']) {
      new RecordedNode(connection, readConversation(`nex-0.4.1/${scenario}`).exchanges);
    }
    await connection.flush();
  });
  after(async () => {
    await connection.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const nexdev = (...args: string[]) =>
    runNexdev([...args, '--server', server.url], isolatedEnvironment(directory));

  const succeed = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await nexdev(...args);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  const fail = async (...args: string[]) => {
    const { code, stderr } = await nexdev(...args, '--json');
    assert.equal(code, 1);
    return errorLineSchema.parse(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')).error;
  };

  const json = async (...args: string[]): Promise<unknown> =>
    JSON.parse(await succeed(...args, '--json'));

  /** The cells of the row that holds `text`. */
  const row = (table: string, text: string): string[] =>
    table
      .split('\n')
      .find((line) => line.includes(text))!
      .split('│')
      .slice(1, -1)
      .map((cell) => cell.trim());

  it('lists the nodes of both generations', async () => {
    const table = await succeed('node', 'ls');
    assert.deepEqual(row(table, queried), [queried, 'recorder', 'development', '1', '0s']);
    assert.deepEqual(row(table, newer).slice(0, -1), [newer, 'rec', '0.4.1', '0']);
    const full = await succeed('node', 'ls', '--full');
    assert.deepEqual(row(full, queried).slice(-3), ['false', 'linux', 'amd64']);
    assert.equal(row(full, newer)[0], 'nexus');
    const nodes = (await json('node', 'ls')) as { node_id: string }[];
    assert.deepEqual(
      nodes.map(({ node_id }) => node_id),
      [queried, newer],
    );
  });

  it('shows a node of 0.4 with its nexlets and what they run', async () => {
    const text = await succeed('node', 'info', newer, '--namespace', 'demo');
    assert.match(text, /Version: 0\.4\.1[^]*Tags: disk=ssd/);
    assert.deepEqual(row(text, 'go_exec').slice(2), [
      ...['native', 'go_exec', 'running', 'job,service', '0'],
    ]);
    assert.deepEqual(row(text, 'ticker').slice(1), [
      ...['native', 'ticker', 'service', 'running', '2026-11-23T12:01:12Z', '--'],
    ]);
    const { workloads } = (await json('node', 'info', newer)) as { workloads: unknown[] };
    assert.equal(workloads.length, 1);
  });

  it('takes null for the answer of a nexlet that runs nothing', async () => {
    const [info] = readConversation('nex-0.4.1/info').exchanges;
    const id = 'NIDLE';
    const answers: Record<string, unknown> = {
      [controlSubjectsV04.info(id)]: { ...(info?.reply as object), node_id: id },
      [controlSubjectsV04.workloads(id)]: null,
    };
    const idle = Object.entries(answers).map(([subject, reply]) =>
      connection.subscribe(subject, {
        callback: (_, message) => void message.respond(JSON.stringify(reply)),
      }),
    );
    await connection.flush();
    const { code, stdout, stderr } = await nexdev('node', 'info', id, '--json');
    assert.deepEqual([code, stderr], [0, '']);
    assert.deepEqual((JSON.parse(stdout) as { workloads: unknown[] }).workloads, []);
    for (const subscription of idle) subscription.unsubscribe();
  });

  it('finds workloads on all of them', async () => {
    const all = await succeed('node', 'probe');
    const greet = 'f0c6d090-f31d-4b5d-bdeb-8fd170012991';
    assert.deepEqual(row(all, 'greet'), [greet, 'greet', 'v8', 'default', 'recorder', queried]);
    assert.equal(row(all, 'ticker').at(-1), newer);
    const one = await succeed('node', 'probe', '--workload', 'GREET');
    assert.deepEqual([one.includes('greet'), one.includes('ticker')], [true, false]);
    assert.equal(await succeed('node', 'probe', '--workload', 'nosuch'), 'No workloads matched\n');
  });

  it('runs an artifact that is stored already, and stops it, as the nex client did', async () => {
    const { keys, exchanges } = readRecording('run-and-stop');
    const store = await new Objm(jetstream(connection)).create('REC');
    await store.putBlob({ name: 'runfn' }, Buffer.from('(s, p) => "run"'));
    const write = (name: string, seed: string) => {
      writeFileSync(join(directory, name), seed);
      return join(directory, name);
    };
    const issuer = write('issuer.nk', keys.issuerSeed);
    const xkey = write('publisher.xk', keys.publisherXkeySeed);
    const printed = await succeed(
      ...['run', 'nats://REC/runfn', runner, '--xkey', xkey, '--issuer', issuer, '--name', 'runfn'],
      ...['--type', 'v8', '--description', 'from run', '--trigger_subject', 'rec.run', 'K=V'],
    );
    const id = 'ea2ef0ec-7881-4a6c-be5d-4b8cd3748945';
    assert.equal(
      printed,
      `🚀 Workload 'runfn' accepted. You can now refer to this workload with ID: ${id} on node ${runner}\n`,
    );
    const theirs = deployRequestSchema.parse(
      exchanges.find(({ subject }) => subject.startsWith('$NEX.DEPLOY'))!.request,
    );
    const sent = deployRequestSchema.parse(ran.request('DEPLOY'));
    const made = { id: '', environment: '', workload_jwt: '' };
    assert.deepEqual({ ...sent, ...made }, { ...theirs, ...made });
    const claims = verifyDeployClaims(sent.workload_jwt!, null);
    assert.deepEqual(claims.nats, verifyDeployClaims(theirs.workload_jwt!, null).nats);

    assert.equal(
      await succeed('stop', runner, id, '--issuer', issuer),
      `✅ Workload '${id}' stopped.\n`,
    );
    const stop = stopRequestSchema.parse(ran.request('STOP'));
    assert.deepEqual([stop.node_id, stop.workload_id], [runner, id]);
    verifyStopClaims(stop.workload_jwt!, { ...claims, sub: id });
  });

  it('sends a node into lame duck mode', async () => {
    assert.equal(
      await succeed('lameduck', queried),
      `Command to enter lame duck mode issued to ${queried}\n`,
    );
    assert.deepEqual(await json('lameduck', queried), { node_id: queried, success: true });
  });

  const refusals: [what: string, args: string[], code: string][] = [
    ['an unknown node in lame duck mode', ['lameduck', 'NNOSUCHNODE'], 'node-not-found'],
    ['a node id that is none', ['lameduck', 'N*'], 'usage'],
    ['lame duck mode on 0.4', ['lameduck', newer], 'other-generation'],
    ['a stop on 0.4', ['stop', newer, 'ticker'], 'other-generation'],
    ['a run on 0.4', ['run', 'nats://REC/x', newer], 'other-generation'],
    ['a run of nothing', ['run', 'nats://NONE/x', runner], 'no-such-object'],
    ['a run from a web site', ['run', 'https://example.com/x', runner], 'invalid-location'],
    [
      'a function of no type',
      ['run', 'nats://REC/runfn', runner, '--trigger_subject=x'],
      'no-type',
    ],
  ];
  for (const [what, args, code] of refusals) {
    it(`refuses ${what} with a reason and a remedy`, async () => {
      const error = await fail(...args);
      assert.equal(error.code, code, error.message);
      assert.ok(error.remedy);
    });
  }

  it('prints the events of a life of a node, and only those asked for', async () => {
    const { published } = readConversation('events-node');
    const environment = isolatedEnvironment(directory);
    const args = ['events', '--server', server.url];
    const all = new NexdevProcess(args, environment);
    const stops = new NexdevProcess(
      [...args, '--type', 'node_stopped', '--json', '--namespace', 'default'],
      environment,
    );
    const isDone = () => [all, stops].every(({ printed }) => printed.includes('node_stopped'));
    const deadline = Date.now() + 20_000;
    while (!isDone() && Date.now() < deadline) {
      for (const { subject, data } of published) connection.publish(subject, JSON.stringify(data));
      connection.publish('$NEX.events.system.noise', 'no event');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await all.waitFor(
      /node_entered_lameduck {2}version=development id=(NBTA\w+) {2}\(system, node \1\)/,
    );
    await all.waitFor(/heartbeat {2}.*uptime=30s.* node_name=recorder/);
    const [line] = await stops.waitFor(/^.*\n/);
    const { type, namespace, data } = JSON.parse(line) as Record<string, unknown>;
    assert.deepEqual([type, namespace], ['node_stopped', 'system']);
    assert.equal((data as { graceful: boolean }).graceful, true);
    assert.doesNotMatch(stops.printed, /heartbeat|noise/);
    assert.deepEqual(await Promise.all([all.interrupt(), stops.interrupt()]), [0, 0]);
  });
});
