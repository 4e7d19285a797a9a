import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificates } from '../support/certificates.ts';
import { startConfiguredServer } from '../support/configuredServer.ts';
import { isolatedEnvironment } from '../support/devNode.ts';
import { runNexdev } from '../support/nexdev.ts';
import { SourceFolder } from '../support/sourceFolder.ts';

interface Row {
  /** Whom the server's certificate is for; without it the server speaks no TLS. */
  host?: string;
  isFirst?: boolean;
  /** The server wants a certificate of its clients. */
  isVerifying?: boolean;
  url: string;
  flags: readonly string[];
  /** What is said where it fails. */
  fault?: RegExp;
}

describe('TLS', () => {
  const folder = new SourceFolder();
  const ca = ['--tlsca', 'ca.pem'];
  const ours = (certificate: string, key: string) =>
    ['--tlscert', `${certificate}.pem`, '--tlskey', `${key}.pem`] as const;
  const byName = 'DNS:localhost';
  const byAddress = 'IP:127.0.0.1';
  const ofAddress = 'nats://127.0.0.1';
  const ofName = 'nats://localhost';

  const rows: Readonly<Record<string, Row>> = {
    'with a certificate for the name that is given': { host: byName, url: ofName, flags: ca },
    'with one for the address': { host: byAddress, url: ofAddress, flags: ca },
    'asked for by the URL': { host: byName, url: 'tls://localhost', flags: ca },
    'before all else': { host: byName, isFirst: true, url: ofName, flags: [...ca, '--tlsfirst'] },
    'before all else where nobody said so': {
      ...{ host: byName, isFirst: true, url: ofName, flags: ca },
      fault: /hangs up before a word[^]*--tlsfirst/,
    },
    'with a certificate for the name where the address is given': {
      ...{ host: byName, url: ofAddress, flags: ca },
      fault: /another name[^]*127\.0\.0\.1[^]*nats:\/\/NAME:PORT/,
    },
    'with one for the address where the name is given': {
      ...{ host: byAddress, url: ofName, flags: ca },
      fault: /another name[^]*localhost/,
    },
    'with a certificate of an unknown CA': {
      ...{ host: byName, url: ofName, flags: [] },
      fault: /nobody we trust[^]*--tlsca/,
    },
    'with a certificate of ours': {
      ...{ host: byName, isVerifying: true, url: ofName },
      flags: [...ca, ...ours('client', 'client-key')],
    },
    'without a certificate of ours where one is wanted': {
      ...{ host: byName, isVerifying: true, url: ofName, flags: ca },
      fault: /it wants a certificate of ours[^]*--tlscert/,
    },
    'without one before all else': {
      ...{ host: byName, isVerifying: true, isFirst: true, url: ofName },
      flags: [...ca, '--tlsfirst'],
      fault: /it wants a certificate of ours[^]*--tlscert/,
    },
    'with a certificate of ours that nobody there has signed': {
      ...{ host: byName, isVerifying: true, url: ofName },
      flags: [...ca, ...ours('stranger/client', 'stranger/client-key')],
      fault: /does not accept our certificate[^]*--tlscert/,
    },
    'with a key of another certificate': {
      ...{ host: byName, isVerifying: true, url: ofName },
      flags: [...ca, ...ours('client', 'server-key')],
      fault: /do not belong together[^]*--tlskey/,
    },
    'with a key that is none': {
      ...{ host: byName, isVerifying: true, url: ofName },
      flags: [...ca, ...ours('client', 'ca')],
      fault: /is not one[^]*PEM/,
    },
    'where there is none': {
      ...{ url: 'tls://localhost', flags: [] },
      fault: /it speaks no TLS[^]*nats:\/\//,
    },
  };
  for (const [how, row] of Object.entries(rows)) {
    const { host, isFirst = false, isVerifying = false, url, flags, fault } = row;
    it(`${how} ${fault === undefined ? 'connects' : 'says why it does not'}`, async () => {
      makeCertificates(folder.path, ['server', 'client'], host);
      mkdirSync(join(folder.path, 'stranger'), { recursive: true });
      makeCertificates(join(folder.path, 'stranger'), ['client'], host);
      const path = (name: string) => `${folder.path}/${name}.pem`;
      const tls = {
        ...{ cert_file: path('server'), key_file: path('server-key'), handshake_first: isFirst },
        ...(isVerifying ? { verify: true, ca_file: path('ca') } : {}),
      };
      const configuration = `tls: ${JSON.stringify(tls)}`;
      const server = await startConfiguredServer(host === undefined ? '' : configuration);
      const target = ['--server', server.replace(ofName, url), ...flags];
      const environment = isolatedEnvironment(folder.path);
      const { code, stderr } = await runNexdev(['node', 'ls', ...target], environment, folder.path);
      assert.equal(code, fault === undefined ? 0 : 1, stderr);
      if (fault !== undefined) assert.match(stderr, fault);
    });
  }
});
