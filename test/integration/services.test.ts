import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, before, describe, it } from 'mocha';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import { join } from 'node:path';
import { startConnectedNode, type TestNode } from '../support/devNode.ts';
import { deployService, Publications } from '../support/services.ts';

describe('a native service', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let publications: Publications;

  before(async () => {
    ({ node, connection } = await startConnectedNode());
    publications = new Publications(connection);
  });

  afterEach(async () => {
    const control = new ControlClient(connection);
    const { machines } = await control.info('default', node.nodeId);
    for (const { id } of machines) await stop(id);
    publications.logs.length = 0;
    publications.events.length = 0;
  });

  it('gets its arguments as given, and an environment of its own', async () => {
    await deployService(node, connection, {
      file: 'env.sh',
      source:
        '#!/bin/sh\necho "$# [$1] [$2] A=$A LOWER=$LOWER lower=$lower HOME=$HOME url=$NATS_URL"\n' +
        'echo "server=$NEX_HOSTSERVICES_NATS_SERVER jwt=[$NEX_HOSTSERVICES_NATS_USER_JWT]"\nwhile :; do /bin/sleep 1; done\n',
      argv: ['a b', '--flag'],
      env: { A: '1', lower: '2' },
    });
    await publications.log(/jwt=/);
    assert.match(publications.text, /2 \[a b\] \[--flag\] A=1 LOWER=2 lower= HOME= url=nats:\/\//);
    assert.ok(publications.text.includes(`server=${node.url} jwt=[]`), publications.text);
  });

  it('is given another NATS_URL where the deployer says so', async () => {
    await deployService(node, connection, {
      file: 'url.sh',
      source: '#!/bin/sh\necho "url=$NATS_URL"\nexec /bin/sleep 100\n',
      env: { NATS_URL: 'nats://example.test' },
    });
    assert.equal((await publications.log(/url=/)).text, 'url=nats://example.test\n');
  });

  async function stop(workloadId: string): Promise<void> {
    const { issuer } = await readKeys(join(node.directory, '.nex'));
    const address = { nodeId: node.nodeId, namespace: 'default', workloadId };
    await new ControlClient(connection).stop(address, issuer);
  }
});
