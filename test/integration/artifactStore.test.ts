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

const endless = 'x'.repeat(5000);
const linkTo = (name: string) => ({ bucket: location.Host, name });

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

  const fetch = (Path = location.Path) =>
    fetchArtifact(connection, { ...location, Path }, undefined);

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
    await assert.rejects(fetch(), { message: 'nats: stream not found' });
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
    await assert.rejects(fetch(), /digests do not match/);
  });

  it('is fetched through a link', async () => {
    const artifact = artifactOf('(subject) => 4');
    await uploadArtifact(connection, artifact);
    const store = await new Objm(connection).open('NEXCLIFILES');
    await store.link('link', (await store.info('addjs'))!);
    assert.equal((await fetch('/link')).hash, artifact.hash);
  });

  /** Whoever may write to the bucket may write what an object says of itself. */
  const madeUp: Readonly<Record<string, [meta: unknown, error: RegExp]>> = {
    'is a link to itself': [{ options: { link: linkTo('odd') } }, /not allowed to link to another/],
    'is a link to a bucket': [
      { options: { link: { bucket: 'NEXCLIFILES' } } },
      /link to a bucket$/,
    ],
    'is a link to an endless name': [{ options: { link: linkTo(endless) } }, /object not found$/],
    'has an endless id': [{ nuid: endless }, /meta information invalid$/],
    'has no id': [{ nuid: null }, /meta information invalid$/],
    'has a digest that is none': [{ digest: 5 }, /meta information invalid$/],
    'has no chunk, and is said to be in another bucket': [
      { bucket: endless, chunks: 1 },
      /^nats: timeout$/,
    ],
  };
  for (const [how, [members, message]] of Object.entries(madeUp)) {
    it(`that ${how} is refused, and the connection stays`, async () => {
      const digest = `SHA-256=${'A'.repeat(43)}=`;
      const right = { name: 'odd', bucket: 'NEXCLIFILES', nuid: 'odd', size: 9, digest };
      const meta = { ...right, chunks: 2, ...(members as object) };
      const name = Buffer.from('odd').toString('base64url');
      await jetstream(connection).publish(`$O.NEXCLIFILES.M.${name}`, JSON.stringify(meta));
      const client = connection.info?.client_id;
      await assert.rejects(fetch('/odd'), { message });
      await connection.flush();
      assert.equal(connection.info?.client_id, client);
    });
  }
});
