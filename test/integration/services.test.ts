import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, before, describe, it } from 'mocha';
import type { DevClient } from '../../runtime/client/devClient.ts';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import { startConnectedNode, type TestNode } from '../support/devNode.ts';
import { processesOfService, untilGone } from '../support/processes.ts';
import { deployService, Publications, stopService } from '../support/services.ts';

describe('a native service', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;
  let publications: Publications;

  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
    publications = new Publications(connection);
  });

  afterEach(async () => {
    const control = new ControlClient(connection);
    const { machines } = await control.info('default', node.nodeId);
    for (const { id } of machines) await stop(id);
    publications.logs.length = 0;
    publications.events.length = 0;
  });

  it('gets its arguments as given, and an environment of its own', async () => {
    await deployService(node, connection, {
      file: 'env.sh',
      source:
        '#!/bin/sh\necho "$# [$1] [$2] A=$A LOWER=$LOWER lower=$lower HOME=$HOME url=$NATS_URL"\n' +
        'echo "server=$NEX_HOSTSERVICES_NATS_SERVER jwt=[$NEX_HOSTSERVICES_NATS_USER_JWT]"\nwhile :; do /bin/sleep 1; done\n',
      argv: ['a b', '--flag'],
      env: { A: '1', lower: '2' },
    });
    await publications.log(/jwt=/);
    assert.match(publications.text, /2 \[a b\] \[--flag\] A=1 LOWER=2 lower= HOME= url=nats:\/\//);
    assert.ok(publications.text.includes(`server=${node.url} jwt=[]`), publications.text);
  });

  it('is given another NATS_URL where the deployer says so', async () => {
    await deployService(node, connection, {
      file: 'url.sh',
      source: '#!/bin/sh\necho "url=$NATS_URL"\nexec /bin/sleep 100\n',
      env: { NATS_URL: 'nats://example.test' },
    });
    assert.equal((await publications.log(/url=/)).text, 'url=nats://example.test\n');
  });

  it('is found by a script’s env, whose own PATH would be empty', async () => {
    await deployService(node, connection, {
      file: 'script',
      source:
        '#!/usr/bin/env node\nconsole.log("ran by", process.execPath, process.env.PATH);\nsetTimeout(() => {}, 1e6);\n',
    });
    assert.match((await publications.log(/ran by/)).text, /ran by \S+ undefined/);
  });

  it('logs its lines with the level that they say, else INFO and ERROR', async () => {
    await deployService(node, connection, {
      file: 'levels.sh',
      source:
        '#!/bin/sh\necho plain; echo level=warn careful; echo \'{"level":"debug"}\'\n/bin/sleep 0.2\n' +
        'echo wrong >&2; echo level=info fine >&2; printf unfinished\nexec /bin/sleep 100\n',
    });
    await publications.log(/unfinished/);
    await publications.log(/fine/);
    const levels = publications.logs
      .filter(({ text }) => !text.startsWith('Workload'))
      .map(({ level, stderr, text }) => `${level}${stderr ? '?' : ''} ${text.trim()}`);
    assert.deepEqual(levels.sort(), [
      'DEBUG {"level":"debug"}',
      'ERROR? wrong',
      'INFO level=info fine',
      'INFO plain',
      'INFO unfinished',
      'WARN level=warn careful',
    ]);
  });

  it('that floods its log is cut short, and goes on', async () => {
    const { workloadId } = await deployService(node, connection, {
      file: 'flood.sh',
      source: '#!/bin/sh\nwhile :; do echo "a line of some length, over and over again"; done\n',
    });
    await publications.log(/bytes of output were left out/);
    assert.equal((await dev.workloads()).find(({ id }) => id === workloadId)?.restarts, 0);
  });

  const refusals: { name: string; source: string; text: RegExp }[] = [
    {
      name: 'an executable of another processor',
      source: `\x7fELF${'\x02\x01\x01'.padEnd(14, '\0')}\xb7\0`.padEnd(64, '\0'),
      text: /executable for linux\/arm64/,
    },
    {
      name: 'no executable at all',
      source: 'echo hello\n',
      text: /neither an executable nor a script/,
    },
    {
      name: 'a script of an interpreter that is not there',
      source: '#!/no/such/interpreter\n',
      text: /the interpreter of its first line, \/no\/such\/interpreter, is not on this machine/,
    },
    {
      name: 'one that fails at once',
      source: '#!/bin/sh\necho no configuration >&2\nexit 7\n',
      text: /the service ended at once \(exit code 7\): no configuration/,
    },
  ];
  for (const { name, source, text } of refusals) {
    it(`is refused: ${name}`, async () => {
      // As bytes, which a text would not keep.
      const refused = deployService(node, connection, {
        file: 'refused',
        source: Buffer.from(source, 'latin1'),
        type: 'native',
      });
      await assert.rejects(refused, text);
      const { machines } = await new ControlClient(connection).info('default', node.nodeId);
      assert.deepEqual(machines, []);
    });
  }

  it('without an execute bit is refused before it is sent anywhere', async () => {
    const refused = deployService(node, connection, {
      file: 'unset.sh',
      source: '#!/bin/sh\n',
      fileMode: 0o644,
    });
    await assert.rejects(refused, /unset\.sh may not be executed: it has no execute bit/);
  });

  it('goes on in its old version where the new one fails at once', async () => {
    const file = 'kept.sh';
    const source = '#!/bin/sh\nexec /bin/sleep 100\n';
    const { workloadId } = await deployService(node, connection, { file, source });
    await assert.rejects(deployService(node, connection, { file, source: '#!/bin/sh\nexit 1\n' }));
    const { machines } = await new ControlClient(connection).info('default', node.nodeId);
    assert.deepEqual(
      machines.map(({ id }) => id),
      [workloadId],
    );
  });

  it('that ends by itself is announced with its exit code and listed no more', async () => {
    const source = '#!/bin/sh\n/bin/sleep 0.4\necho bye\nexit 3\n';
    await deployService(node, connection, { file: 'ends.sh', source });
    const ended = () => publications.dataOf('workload_undeployed');
    await publications.until(() => ended().length === 2);
    assert.equal(ended()[0]?.['code'], 3);
    assert.match(publications.text, /bye\n[^]*Workload endssh exited \(exit code 3\)/);
    const { machines } = await new ControlClient(connection).info('default', node.nodeId);
    assert.deepEqual(machines, []);
  });

  it('that is essential is started again, later each time, unless it ends with 0', async () => {
    const source = '#!/bin/sh\n/bin/sleep 0.3\nexit 4\n';
    await deployService(node, connection, { file: 'again.sh', source, essential: true });
    await publications.log(/the service ended \(exit code 4\); it is started again in 100 ms/);
    await publications.log(/it is started again in 200 ms/);
    assert.deepEqual(
      publications.dataOf('workload_deployed').map(({ essential }) => essential),
      [true, true],
    );
    const { workloadId } = await deployService(node, connection, {
      file: 'done.sh',
      source: '#!/bin/sh\n/bin/sleep 0.3\nexit 0\n',
      essential: true,
    });
    const isGone = async () => (await dev.workloads()).every(({ id }) => id !== workloadId);
    while (!(await isGone())) await publications.log(/Workload donesh exited/);
  });

  it('is ended with all that it started, daemons too', async () => {
    const { workloadId } = await deployTree();
    const tree = await treeOf(workloadId);
    assert.ok(tree.length >= 4, `${tree.length} processes`);
    await stop(workloadId);
    await untilGone(tree);
  });

  it('is ended with all that it started where its agent is killed, and started again', async () => {
    const { workloadId } = await deployTree();
    const tree = await treeOf(workloadId);
    const agent = (await dev.workloads()).find(({ id }) => id === workloadId)?.agentPid;
    assert.ok(agent !== undefined);
    process.kill(agent, 'SIGKILL');
    await untilGone(tree);
    await publications.until(() => publications.dataOf('workload_deployed').length === 2);
  });

  it('is ended with all that it started where its node is killed', async () => {
    const own = await startConnectedNode();
    const { workloadId } = await deployTree(own.node, own.connection);
    const tree = await treeOf(workloadId, own.dev);
    process.kill(own.node.pid, 'SIGKILL');
    await untilGone(tree);
  });

  /** A child in the group that ignores SIGINT, one in a session of its own, and one whose parent is gone. */
  const deployTree = (on = node, over = connection) =>
    deployService(on, over, {
      file: 'tree.sh',
      source:
        "#!/bin/sh\ntrap '' INT\n/bin/sleep 1000 &\n/usr/bin/setsid /bin/sleep 1000 &\n" +
        '(/usr/bin/setsid /bin/sleep 1000 &)\necho planted\nwhile :; do /bin/sleep 1; done\n',
    });

  async function treeOf(workloadId: string, of = dev): Promise<number[]> {
    const root = (await of.workloads()).find(({ id }) => id === workloadId)?.servicePid;
    assert.ok(root !== undefined);
    return processesOfService(workloadId);
  }

  const stop = (workloadId: string) => stopService(node, connection, workloadId);
});
