import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a CA (`ca.pem`) and, signed by it, `NAME.pem` with `NAME-key.pem` for each name, all for `host`. */
export function makeCertificates(
  directory: string,
  names: readonly string[],
  host = 'DNS:localhost',
): void {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    ...['req', '-x509', ...newKey, '-subj', '/CN=ca', '-keyout', 'ca-key.pem', '-out', 'ca.pem'],
  );
  writeFileSync(join(directory, 'names.cnf'), `subjectAltName=${host}\n`);
  for (const name of names) {
    const files = ['-keyout', `${name}-key.pem`, '-out', `${name}.csr`];
    openssl(...['req', ...newKey, '-subj', `/CN=${name}`, ...files]);
    const ca = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial'];
    const out = ['-in', `${name}.csr`, '-extfile', 'names.cnf', '-out', `${name}.pem`];
    openssl(...['x509', '-req', ...ca, ...out]);
  }
}
