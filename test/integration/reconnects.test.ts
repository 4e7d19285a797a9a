import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { after } from 'mocha';
import { holdLease } from '../../runtime/client/lease.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import { startNatsServer } from '../../runtime/nats-server/startNatsServer.ts';
import { leaseMs } from '../../runtime/protocol/devApi.ts';
import { isolatedEnvironment } from '../support/devNode.ts';
import { NexdevProcess, runNexdev } from '../support/nexdev.ts';
import { SourceFolder } from '../support/sourceFolder.ts';

describe('a NATS that is started again', () => {
  const folder = new SourceFolder();

  it('is told once by who stays, and node, leases and workloads go on', async () => {
    const environment = isolatedEnvironment(folder.path);
    const storeDirectory = `${folder.path}/store`;
    const first = await startNatsServer({ port: 0, storeDirectory });
    const target = ['--server', first.url];
    const echo = folder.write('echo.js', '(subject) => subject');
    const node = new NexdevProcess(['up', ...target], environment);
    const leased = new NexdevProcess(['up', '--leased', '--json', ...target], environment);
    await node.waitFor(/is ready on/);
    const [, leasedId = ''] = await leased.waitFor(/"event":"ready".*"node":"(N\w+)"/);
    const holder = await connect({ servers: first.url, maxReconnectAttempts: -1 });
    const keys = await readKeys(`${folder.path}/.nex`);
    const lease = await holdLease(holder, keys, leasedId, 'a test');
    const watch = new NexdevProcess(
      ['devrun', echo, '--trigger_subject=early', '--trigger_subject=later', '--watch', ...target],
      environment,
    );
    await watch.waitFor(/accepted/);
    const logs = new NexdevProcess(['logs', ...target], environment);
    const events = new NexdevProcess(['events', ...target], environment);
    // They say nothing before something happens.
    while (!logs.printed.includes('early') || !events.printed.includes('early')) {
      holder.publish('early');
      await pause(100);
    }

    process.kill(first.pid, 'SIGKILL');
    const all = [node, watch, logs, events];
    await Promise.all(all.map((each) => each.waitFor(/has gone\. Waiting/)));
    // Longer than nobody may renew a lease for.
    await pause(leaseMs + 2000);
    const second = await startNatsServer({ port: first.port, storeDirectory });
    after(() => second.stop());
    await Promise.all(all.map((each) => each.waitFor(/is back/)));

    const asked = await runNexdev(['req', 'later', ...target], environment);
    assert.equal(asked.stdout, '"later"\n', asked.stderr);
    await events.waitFor(/trigger_subject=later/);
    await logs.waitFor(/trigger subject: later/);
    folder.write('echo.js', '(subject) => subject + 2');
    await watch.waitFor(/accepted[^]*accepted/);
    const listed = await runNexdev(['node', 'ls', ...target], environment);
    assert.match(listed.stdout, new RegExp(leasedId));
    for (const each of all) {
      assert.equal(each.printed.match(/has gone/g)?.length, 1);
      assert.equal(each.printed.match(/is back/g)?.length, 1);
    }
    await lease.release();
    await holder.close();
    for (const each of [watch, logs, events, leased, node]) await each.interrupt();
  });
});
