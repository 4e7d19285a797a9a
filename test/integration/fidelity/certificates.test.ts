import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { isPrivateAddress } from '../../../runtime/agent/hostServices/privateAddress.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../../support/devNode.ts';

/**
 * A.8.5 #7, alike in both modes. Servers of tests listen on loopback alone, which is no private range: that these are
 * taken without a look at their certificate is read off the rule.
 */
describe('A.8.5 #7 certificates that http calls look at', () => {
  const hosts: readonly [host: string, isPrivate: boolean][] = [
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.31.255.255', true],
    ['192.168.0.1', true],
    ['[fd00::1]', true],
    ['[::ffff:10.0.0.1]', true],
    ['172.32.0.1', false],
    ['127.0.0.1', false],
    ['169.254.1.1', false],
    ['[::1]', false],
    ['[fe80::1]', false],
    ['8.8.8.8', false],
    ['localhost', false],
    ['10.example.com', false],
  ];
  for (const [host, isPrivate] of hosts) {
    it(`${host}: ${isPrivate ? 'not verified' : 'verified'}`, () => {
      assert.equal(isPrivateAddress(host), isPrivate);
    });
  }

  let node: TestNode;
  let connection: NatsConnection;
  let port: number;
  before(async () => {
    ({ node, connection } = await startConnectedNode());
    makeCertificates(node.directory, ['server']);
    const read = (name: string) => readFileSync(join(node.directory, name));
    const server = createServer({ cert: read('server.pem'), key: read('server-key.pem') });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    after(() => void server.close());
    port = (server.address() as AddressInfo).port;
  });
  after(() => node.stop());

  for (const mode of ['faithful', 'strict'] as const) {
    it(`that of an unknown authority is refused in ${mode}`, async () => {
      await deployFunction(node, connection, {
        file: `${mode}.js`,
        source:
          '(s, p) => { try { return http.get(String.fromCharCode(...p)) } catch (e) { return e } }',
        subjects: [`certificates.${mode}`],
        extension: { options: { mode } },
      });
      const url = `https://localhost:${port}`;
      const reply = await connection.request(`certificates.${mode}`, url, { timeout: 20_000 });
      assert.equal(
        reply.json(),
        `Error: Get "${url}/": tls: failed to verify certificate: x509: certificate signed by unknown authority (500)`,
      );
    });
  }
});
