import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { isolatedEnvironment } from '../support/devNode.ts';
import { NexdevProcess } from '../support/nexdev.ts';

describe('nexdev devrun without a node', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'nexdev-own-'))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const devrun = (source: string, ...flags: string[]): NexdevProcess => {
    const file = join(directory, 'echo.js');
    writeFileSync(file, source);
    const own = ['--port', '0', '--store-dir', join(directory, 'store')];
    return new NexdevProcess(
      ['devrun', file, '--trigger_subject=echo', ...own, ...flags],
      isolatedEnvironment(directory),
    );
  };

  it('becomes one, shows logs, and Ctrl-C ends workload, node and server', async () => {
    const run = devrun("(subject) => { console.warn('careful'); return subject }");
    const [, url = ''] = await run.waitFor(/on (nats:\/\/127\.0\.0\.1:\d+)/);
    await run.waitFor(/🚀 Workload 'echojs' accepted/);
    const connection = await connect({ servers: url });
    assert.equal((await connection.request('echo', '', { timeout: 20_000 })).string(), '"echo"');
    await run.waitFor(/WARN {3}echojs {2}careful {2}\(echo\.js:1:/);
    await connection.close();
    assert.equal(await run.interrupt(), 0);
    assert.deepEqual(readdirSync(join(directory, 'run', 'nodes')), []);
    await assert.rejects(connect({ servers: url, maxReconnectAttempts: 0 }), /refused/);
  });

  it('tells who follows it from a second terminal when it ends', async () => {
    const run = devrun('() => 1');
    const [, url = ''] = await run.waitFor(/on (nats:\/\/127\.0\.0\.1:\d+)/);
    await run.waitFor(/🚀 Workload 'echojs' accepted/);
    const second = new NexdevProcess(
      ['devrun', join(directory, 'echo.js'), '--trigger_subject=two', '--watch', '--server', url],
      isolatedEnvironment(directory),
    );
    await second.waitFor(/🚀 Workload 'echojs' accepted/);
    assert.equal(await run.interrupt(), 0);
    await second.waitFor(/NATS at 127\.0\.0\.1:\d+ has gone\. Waiting/);
    assert.equal(await second.interrupt(), 0);
  });

  it('is cancelled, not failed, by a Ctrl-C before it is ready', async () => {
    const neverReady = join(directory, 'nats-server');
    writeFileSync(
      neverReady,
      '#!/bin/sh\n[ "$1" = --version ] && echo nats-server: v2.14.5 || exec sleep 60\n',
      { mode: 0o755 },
    );
    const run = devrun('() => 1', '--nats-server', neverReady);
    const deadline = Date.now() + 10_000;
    while (!existsSync(join(directory, 'store', 'nats-server.conf')) && Date.now() < deadline) {
      await nextTurn();
    }
    assert.equal(await run.interrupt(), 130);
    assert.match(run.printed, /Error: Cancelled\.\n$/);
  });

  it('starts no node for a subject that cannot be one', async () => {
    const run = devrun('() => 1', '--trigger_subject=a b');
    assert.equal(await run.exited, 1);
    assert.match(run.printed, /^Error: "a b" cannot be a trigger subject/);
    assert.equal(existsSync(join(directory, 'store')), false);
  });

  it('leaves nothing running where the deploy is refused', async () => {
    const run = devrun('() => 1', '--trigger_subject=$SYS.x');
    await run.waitFor(/Error: The node refused it: the trigger subject \$SYS\.x overlaps/);
    assert.equal(await run.exited, 1);
    assert.deepEqual(readdirSync(join(directory, 'run', 'nodes')), []);
  });
});
