import assert from 'node:assert/strict';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { createArtifact } from '../../runtime/artifact/artifact.ts';
import { uploadArtifact } from '../../runtime/client/uploadArtifact.ts';
import { fetchArtifact, fetchSourceRecord } from '../../runtime/node/artifacts.ts';
import { startTestServer } from '../support/natsServer.ts';

const location = { Host: 'NEXCLIFILES', Path: '/addjs' };

const artifactOf = (text: string, program = '/home/u/add.js') =>
  createArtifact({
    type: 'v8',
    bytes: Buffer.from(text),
    record: { program, scriptUrl: `file://${program}`, sources: [] },
  });

describe('an artifact', () => {
  let connection: NatsConnection;
  let manager: JetStreamManager;

  before(async () => {
    const { url } = await startTestServer();
    connection = await connect({ servers: url });
    manager = await jetstreamManager(connection);
  });
  after(() => connection.close());

  const fetch = () => fetchArtifact(connection, location, undefined);

  for (const [size, text] of Object.entries({
    'one message': '(subject) => subject',
    'many messages': '// much to say\n'.repeat(40_000),
  })) {
    it(`of ${size} is fetched as it was uploaded, with its sources, and replaced by the next`, async () => {
      for (const version of [`${text} // 1`, `${text} // 2`]) {
        const artifact = artifactOf(version);
        assert.deepEqual(await uploadArtifact(connection, artifact), []);
        const { bytes, hash } = await fetch();
        assert.equal(Buffer.from(bytes).toString(), version);
        assert.equal(hash, artifact.hash);
        assert.deepEqual(await fetchSourceRecord(connection, hash), artifact.record);
      }
    });
  }

  it('is uploaded again after somebody deleted the buckets', async () => {
    for (const stream of ['OBJ_NEXCLIFILES', 'OBJ_NEXDEV_SOURCES']) {
      await manager.streams.delete(stream);
    }
    await assert.rejects(fetch, { message: 'nats: stream not found' });
    const artifact = artifactOf('(subject) => subject');
    assert.deepEqual(await uploadArtifact(connection, artifact), []);
    assert.equal((await fetch()).hash, artifact.hash);
    const { config } = await manager.streams.info('OBJ_NEXCLIFILES');
    assert.equal(config.max_bytes, 104_857_600);
  });

  it('has its sources stored once, unless another file has the same text', async () => {
    const lastSequence = async () =>
      (await manager.streams.info('OBJ_NEXDEV_SOURCES')).state.last_seq;
    const artifact = artifactOf('(subject) => 1');
    await uploadArtifact(connection, artifact);
    const stored = await lastSequence();
    await uploadArtifact(connection, artifact);
    assert.equal(await lastSequence(), stored);
    await uploadArtifact(connection, artifactOf('(subject) => 1', '/home/u/other.js'));
    const record = await fetchSourceRecord(connection, artifact.hash);
    assert.equal(record?.program, '/home/u/other.js');
  });

  it('is refused as on Nex where there is no JetStream', async () => {
    await assert.rejects(fetchArtifact(connection, location, 'nowhere'), {
      message: 'nats: no responders available for request',
    });
  });

  it('is refused where its bytes are not those that were uploaded', async () => {
    await uploadArtifact(connection, artifactOf('(subject) => 2'));
    const info = await (await new Objm(connection).open('NEXCLIFILES')).info('addjs');
    await jetstream(connection).publish(`$O.NEXCLIFILES.C.${info?.nuid}`, '(subject) => 3');
    await assert.rejects(fetch, /digests do not match/);
  });
});
