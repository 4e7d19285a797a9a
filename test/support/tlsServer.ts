import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'mocha';
import { makeCertificates } from './certificates.ts';
import { startConfiguredServer } from './configuredServer.ts';

/** A real nats-server that wants a certificate of its clients, and the files of one; all end with the suite. */
export async function startTlsServer(
  domain?: string,
): Promise<{ url: string; details: Record<'tlsca' | 'tlscert' | 'tlskey', string> }> {
  const directory = mkdtempSync(join(tmpdir(), 'nexdev-tls-'));
  after(() => rmSync(directory, { recursive: true, force: true }));
  makeCertificates(directory, ['server', 'client']);
  const path = (name: string) => join(directory, `${name}.pem`);
  const files = { cert_file: path('server'), key_file: path('server-key'), ca_file: path('ca') };
  const configuration = `tls: ${JSON.stringify({ ...files, verify: true })}`;
  const url = await startConfiguredServer(configuration, domain);
  const details = { tlsca: path('ca'), tlscert: path('client'), tlskey: path('client-key') };
  return { url, details };
}
