import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromCurveSeed } from '@nats-io/nkeys';
import { Objm } from '@nats-io/obj';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { after, afterEach, before, describe, it } from 'mocha';
import { devrun } from '../../runtime/client/devrun.ts';
import { verifyDeployClaims, verifyStopClaims } from '../../runtime/protocol/claims.ts';
import { deployRequestSchema, stopRequestSchema } from '../../runtime/protocol/controlApi.ts';
import { openEnvironment } from '../../runtime/protocol/environmentSeal.ts';
import { SigningKey } from '../../runtime/protocol/signingKey.ts';
import { sourceRecordSchema } from '../../runtime/protocol/sources.ts';
import { startTestServer, type TestServer } from '../support/natsServer.ts';
import { RecordedNode } from '../support/recordedNode.ts';
import { readRecording } from '../support/recording.ts';

describe('devrun on a real Nex node', () => {
  let server: TestServer;
  let directory: string;
  let connections: NatsConnection[] = [];
  before(async () => {
    server = await startTestServer();
    directory = mkdtempSync(join(tmpdir(), 'nexdev-devrun-'));
  });
  after(async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  afterEach(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    connections = [];
  });

  const open = async (): Promise<NatsConnection> => {
    const connection = await connect({ servers: server.url });
    connections.push(connection);
    return connection;
  };

  const run = async (scenario: string, source: string, env: Record<string, string> = {}) => {
    const recording = readRecording(scenario);
    const [ours, theirs] = [await open(), await open()];
    const node = new RecordedNode(theirs, recording.exchanges);
    await theirs.flush();
    const file = join(directory, 'hello.fn.js');
    writeFileSync(file, source);
    const { issuerSeed, publisherXkeySeed } = recording.keys;
    const keys = {
      issuer: new SigningKey(issuerSeed),
      publisher: fromCurveSeed(Buffer.from(publisherXkeySeed)),
    };
    const messages: string[] = [];
    const result = await devrun({
      connection: ours,
      keys,
      file,
      env,
      triggerSubjects: scenario === 'devrun-full' ? ['rec.hello', 'rec.w.*'] : ['rec.hello'],
      onMessage: (text) => messages.push(text),
    }).catch((error: unknown) => error);
    return { recording, node, result, messages, ours, keys };
  };

  const source = '(subject, payload) => ({ subject, text: String.fromCharCode(...payload) })\n';

  it('sends what the nex client sent', async () => {
    const env = { API_KEY: 's3cret', EMPTY: '' };
    const { recording, node, ours, keys } = await run('devrun-full', source, env);
    const recorded = recording.exchanges.find(({ subject }) => subject.startsWith('$NEX.DEPLOY'))!;
    const theirs = deployRequestSchema.parse(recorded.request);
    const sent = deployRequestSchema.parse(node.request('DEPLOY'));
    const { id, environment, workload_jwt, ...rest } = sent;
    assert.deepEqual(
      { ...rest, id: '', environment: '', workload_jwt: '' },
      { ...theirs, id: '', environment: '', workload_jwt: '' },
    );
    const claims = verifyDeployClaims(workload_jwt!, null);
    assert.equal(claims.sub, id);
    assert.deepEqual(claims.nats, verifyDeployClaims(theirs.workload_jwt!, null).nats);
    // The box is symmetric: the sender opens it with the recipient's public key.
    const opened = openEnvironment(environment!, keys.publisher, recording.keys.nodeXkeyPublic);
    assert.deepEqual(opened, env);
    assert.deepEqual(node.request('AUCTION'), { workload_types: ['v8'] });
    const uploaded = await (await new Objm(ours).open('NEXCLIFILES')).getBlob('hellofnjs');
    assert.equal(Buffer.from(uploaded!).toString(), source);
  });

  it('answers with the workload, and stores the sources under the hash of the artifact', async () => {
    const { result, ours } = await run('devrun-full', source);
    const { hash, replaced, warnings, name } = result as Awaited<ReturnType<typeof devrun>>;
    assert.deepEqual(
      { replaced, warnings: warnings.map(({ code }) => code), name },
      { replaced: false, warnings: ['payload-garbled'], name: 'hellofnjs' },
    );
    const blob = await (await new Objm(ours).open('NEXDEV_SOURCES')).getBlob(hash);
    const record = sourceRecordSchema.parse(JSON.parse(Buffer.from(blob!).toString()));
    assert.equal(record.sources[0]?.content, source);
  });

  it('stops the old version first, with claims that the node accepts', async () => {
    const { node, result, messages } = await run('devrun-replace', source);
    assert.equal((result as Awaited<ReturnType<typeof devrun>>).replaced, true);
    assert.deepEqual(messages, [
      'Workload hellofnjs (b8968baa-f9eb-47a0-8f71-979094b35621) already exists on the target. Attempting to stop it',
    ]);
    const deployed = verifyDeployClaims(
      deployRequestSchema.parse(node.request('DEPLOY')).workload_jwt!,
      null,
    );
    const stop = stopRequestSchema.parse(node.request('STOP'));
    assert.equal(stop.workload_id, 'b8968baa-f9eb-47a0-8f71-979094b35621');
    verifyStopClaims(stop.workload_jwt!, deployed);
  });

  it('stops nothing for an artifact that the node would refuse', async () => {
    const { node, result } = await run('devrun-replace', `/*${'x'.repeat(12_300)}*/ (s) => s`);
    assert.equal((result as { code?: string }).code, 'artifact-too-large');
    assert.equal(node.request('STOP'), undefined);
  });
});
