import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'mocha';
import { startNatsServer } from '../../runtime/nats-server/startNatsServer.ts';

export interface TestServer {
  url: string;
  port: number;
  pid: number;
  stop: () => Promise<void>;
}

/** A real nats-server on a free port with a store of its own; it ends and its store goes with the run at the latest. */
export async function startTestServer(): Promise<TestServer> {
  const storeDirectory = await mkdtemp(join(tmpdir(), 'nexdev-test-store-'));
  const { url, port, pid, stop } = await startNatsServer({ port: 0, storeDirectory });
  const end = async () => {
    await stop();
    await rm(storeDirectory, { recursive: true, force: true });
  };
  after(end);
  return { url, port, pid, stop: end };
}
