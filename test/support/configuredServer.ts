import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'mocha';
import { findNatsServer } from '../../runtime/nats-server/findNatsServer.ts';

/** A real nats-server with JetStream (of a domain) and more configuration, on a free port; it ends with the suite at the latest. */
export async function startConfiguredServer(
  configuration: string,
  domain?: string,
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'nexdev-configured-'));
  const file = join(directory, 'nats.conf');
  const store = JSON.stringify(join(directory, 'store'));
  const base = `host: "127.0.0.1"\nport: -1\njetstream { store_dir: ${store}${domain === undefined ? '' : `, domain: ${domain}`} }\n`;
  writeFileSync(file, `${base}${configuration}\n`);
  const { path } = await findNatsServer();
  const child = spawn(path, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  after(async () => {
    child.kill();
    await exited;
    rmSync(directory, { recursive: true, force: true });
  });
  const printed: string[] = [];
  let port: string | undefined;
  for await (const line of createInterface({ input: child.stderr })) {
    printed.push(line);
    port ??= /client connections on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (line.includes('Server is ready')) break;
  }
  child.stderr.resume();
  if (port === undefined) throw new Error(`nats-server did not start:\n${printed.join('\n')}`);
  return `nats://localhost:${port}`;
}
