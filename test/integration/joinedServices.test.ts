import assert from 'node:assert/strict';
import { isolatedEnvironment } from '../support/devNode.ts';
import { startTestServer } from '../support/natsServer.ts';
import { NexdevProcess, runNexdev } from '../support/nexdev.ts';
import { SourceFolder } from '../support/sourceFolder.ts';

describe('a service where the only node has joined a NATS', () => {
  const folder = new SourceFolder();

  it('is refused with how to allow it, and runs where that was done', async () => {
    const { url } = await startTestServer();
    const environment = isolatedEnvironment(folder.path);
    const service = folder.write('service.sh', '#!/bin/sh\nexec /bin/sleep 1000\n', 0o755);
    const join = async (...flags: string[]) => {
      const node = new NexdevProcess(['up', '--server', url, ...flags], environment);
      await node.waitFor(/is ready on/);
      return node;
    };
    const guest = await join();
    const refused = await runNexdev(['devrun', service], environment);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^Error: Node N\w+ runs no services: it joined a NATS\.\n.*--allow-native/m,
    );
    assert.doesNotMatch(refused.stdout + refused.stderr, /this is one now|already/);
    await guest.interrupt();
    const host = await join('--allow-native');
    assert.equal((await runNexdev(['devrun', service], environment)).code, 0);
    await host.interrupt();
  });
});
