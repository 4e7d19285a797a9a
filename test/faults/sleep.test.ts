import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { DevClient } from '../../runtime/client/devClient.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import { leaseMs } from '../../runtime/protocol/devApi.ts';
import { startTestNode } from '../support/devNode.ts';

describe('a computer that sleeps', () => {
  it('wakes up with the node that somebody still holds', async () => {
    const node = await startTestNode(['--leased']);
    const connection = await node.connect();
    const { issuer } = await readKeys(join(node.directory, '.nex'));
    const dev = new DevClient(connection, issuer, node.nodeId);
    await dev.lease('window');
    process.kill(node.pid, 'SIGSTOP');
    await pause(leaseMs + 1000);
    process.kill(node.pid, 'SIGCONT');
    // Two looks of the node at its leases, before the window gets to renew.
    await pause(1200);
    assert.deepEqual((await dev.health()).holders, ['window']);
    await node.stop();
  });
});
