import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import { DevClient } from '../../runtime/client/devClient.ts';
import { devrun } from '../../runtime/client/devrun.ts';
import { readKeys, type Keys } from '../../runtime/client/keys.ts';
import { signRequest } from '../../runtime/client/signRequest.ts';
import { encodeClaims } from '../../runtime/protocol/claims.ts';
import { controlSubjects, lameDuckTag } from '../../runtime/protocol/controlApi.ts';
import {
  authorizationHeader,
  devErrorSchema,
  devOperations,
  devSubject,
} from '../../runtime/protocol/devApi.ts';
import { bodyHash } from '../support/fuzz/claims.ts';
import { isolatedEnvironment } from '../support/devNode.ts';
import { createIssuer } from '../support/issuers.ts';
import { startTestServer } from '../support/natsServer.ts';
import { NexdevProcess } from '../support/nexdev.ts';

/** Overlap with what is NATS's, Nex's, or somebody's who waits for an answer. */
const deniedTriggers = [
  ...['>', '*.x', '*.*.>', '$SYS.ACCOUNT.x', '$JS.API.INFO', '$NEX.PING', '$NEXDEV.>'],
  ...['$SRV.PING', '$KV.bucket.key', '$O.store.>', '_INBOX.>', '_INBOX.*', '_R_.x'],
];

describe('a node that has joined a NATS which others use', () => {
  const guest = createIssuer();
  const stranger = createIssuer();
  const home = mkdtempSync(join(tmpdir(), 'nexdev-shared-'));
  let process: NexdevProcess;
  let connection: NatsConnection;
  let control: ControlClient;
  let keys: Keys;
  let nodeId: string;
  let workloadId: string;

  before(async () => {
    const { url } = await startTestServer();
    const flags = ['--server', url, '--allow-issuer', guest.publicKey];
    process = new NexdevProcess(['up', '--json', ...flags], isolatedEnvironment(home));
    [, nodeId = ''] = await process.waitFor(/"node":"(N\w+)"/);
    connection = await connect({ servers: url });
    control = new ControlClient(connection);
    keys = await readKeys(join(home, '.nex'));
    ({ workloadId } = await deploy('owners', keys.issuer));
  });
  after(async () => {
    await connection.close();
    await process.interrupt();
    rmSync(home, { recursive: true, force: true });
  });

  const deploy = (name: string, issuer: Keys['issuer'], subject = `shared.${name}`) => {
    const file = join(home, `${name}.js`);
    writeFileSync(file, `() => '${name}'`);
    const deployer = { ...keys, issuer };
    return devrun({ connection, keys: deployer, file, nodeId, triggerSubjects: [subject] });
  };
  const devOf = (issuer: Keys['issuer']) => new DevClient(connection, issuer, nodeId);
  const refusal = async (subject: string, headers?: MsgHdrs) => {
    const reply = await connection.request(subject, '', {
      timeout: 5000,
      ...(headers === undefined ? {} : { headers }),
    });
    return devErrorSchema.parse(reply.json());
  };
  const dated = (subject: string, secondsFromNow: number) => {
    const headers = signRequest(keys.issuer, subject, '');
    const token = encodeClaims(keys.issuer, {
      ...{ subject, id: crypto.randomUUID(), data: { body: bodyHash(Buffer.from('')) } },
      issuedAt: Math.floor(Date.now() / 1000) + secondsFromNow,
    });
    headers.set(authorizationHeader, token);
    return headers;
  };

  it('runs what its own user and the issuers deploy whom that user allows, nobody else’s', async () => {
    await assert.rejects(deploy('strangers', stranger), (error: Error) => {
      assert.match(error.message, new RegExp(`invalid workload issuer: ${stranger.publicKey}`));
      assert.match(String(Reflect.get(error, 'remedy')), /--allow-issuer/);
      return true;
    });
    await deploy('guests', guest);
    assert.equal((await connection.request('shared.guests')).json(), 'guests');
    assert.equal((await connection.request('shared.owners')).json(), 'owners');
  });

  it('runs no native services, whoever asks', async () => {
    const file = join(home, 'service.sh');
    writeFileSync(file, '#!/bin/sh\nexec /bin/sleep 1000\n', { mode: 0o755 });
    for (const issuer of [keys.issuer, guest]) {
      const deployer = { ...keys, issuer };
      await assert.rejects(
        devrun({ connection, keys: deployer, file, nodeId, triggerSubjects: [] }),
        { code: 'type-not-run' },
      );
    }
  });

  for (const subject of deniedTriggers) {
    it(`runs nothing on ${subject}`, async () => {
      await assert.rejects(deploy('denied', keys.issuer, subject), /deny list/);
    });
  }

  for (const operation of devOperations) {
    it(`does not answer ${operation} of the dev API to strangers, twice, late or early`, async () => {
      const subject = devSubject(nodeId, operation);
      const signed = signRequest(keys.issuer, subject, '');
      // Whatever it answers: the request has been used.
      await connection.request(subject, '', { headers: signed, timeout: 5000 });
      const other = signRequest(keys.issuer, devSubject(nodeId, 'HEALTH') + '.X', '');
      const table: [MsgHdrs | undefined, RegExp][] = [
        [undefined, /it is not signed\.$/],
        [signRequest(stranger, subject, ''), /issuer A\w{55} is not accepted\.$/],
        [signed, /it was sent before\.$/],
        [other, /its signature is for another request\.$/],
        [dated(subject, -90), /signed (89|90|91) s behind the node’s clock; 60 s are allowed\.$/],
        [dated(subject, 90), /signed (89|90) s ahead of the node’s clock; 60 s are allowed\.$/],
      ];
      for (const [headers, why] of table) {
        const { code, message } = await refusal(subject, headers);
        assert.equal(code, 'not-authorized');
        assert.match(message, why);
      }
    });
  }

  it('shows an issuer whom its user allows only what that issuer has deployed', async () => {
    const dev = devOf(guest);
    assert.deepEqual(
      (await dev.workloads()).map(({ name }) => name),
      ['guestsjs'],
    );
    for (const workload of ['ownersjs', workloadId]) {
      await assert.rejects(dev.inspector({ workload }), { code: 'no-such-workload' });
      const replay = dev.replay({ workload, stream: 'S', seq: 1 });
      await assert.rejects(replay, { code: 'no-such-workload' });
    }
    await assert.rejects(dev.lease('guest'), { code: 'not-authorized' });
    await assert.rejects(dev.health(), { code: 'not-authorized' });
    const names = (await devOf(keys.issuer).workloads()).map(({ name }) => name);
    assert.deepEqual(names.sort(), ['guestsjs', 'ownersjs']);
  });

  it('lets nobody stop or replace what another has deployed', async () => {
    await assert.rejects(
      control.stop({ nodeId, namespace: 'default', workloadId }, guest),
      /only entity allowed to terminate/,
    );
    await deploy('owners', guest, 'shared.elsewhere');
    assert.equal((await connection.request('shared.owners')).json(), 'owners');
  });

  it('enters lame duck mode for anybody, and ends for its own user only', async () => {
    const subject = controlSubjects.lameDuck(nodeId);
    for (const { id, namespace } of await devOf(keys.issuer).workloads()) {
      const address = { nodeId, namespace, workloadId: id };
      await control.stop(address, keys.issuer).catch(() => control.stop(address, guest));
    }
    assert.equal((await control.ping(nodeId)).running_machines, 0);
    await connection.request(subject, '');
    await control.lameDuck(nodeId, guest);
    const { tags } = await control.ping(nodeId);
    assert.equal(tags?.[lameDuckTag], 'true');
    await control.lameDuck(nodeId, keys.issuer);
    assert.equal(await process.exited, 0);
  });
});
