import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { before, describe, it } from 'mocha';
import { errorLineSchema } from '../../runtime/protocol/cliLines.ts';
import { deployFunction, startTestNode, type TestNode } from '../support/devNode.ts';
import { NexdevProcess, runNexdev } from '../support/nexdev.ts';

describe('nexdev and two nodes on one NATS', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let guest: NexdevProcess;
  let guestId: string;
  before(async () => {
    node = await startTestNode();
    connection = await node.connect();
    const args = ['up', '--server', node.url, '--node-name', 'guest'];
    guest = new NexdevProcess(args, node.environment);
    guestId = (await guest.waitFor(/Node (N\w+) is ready on/))[1]!;
    const source = '(subject) => { console.log("heard", subject); return subject; }';
    await deployFunction(node, connection, { file: 'echo.js', source, subjects: ['first'] });
  });

  async function succeed(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runNexdev(args, node.environment);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  const ask = async (subject: string) =>
    (await connection.request(subject, '', { timeout: 20_000 })).json();

  const run = (...args: string[]) =>
    succeed('run', 'nats://NEXCLIFILES/echojs', guestId, '--type', 'v8', ...args);

  it('runs the artifact of one on the other too, under another name and namespace', async () => {
    const flags = ['--name', 'echo2', '--trigger_subject=second', '--namespace', 'other'];
    assert.match(await run(...flags), new RegExp(`'echo2' accepted.* on node ${guestId}\n`));
    assert.equal(await ask('second'), 'second');
    const listed = await succeed('node', 'ls');
    for (const name of ['guest', node.nodeId]) assert.match(listed, new RegExp(name));
    const { machines } = JSON.parse(
      await succeed('node', 'info', guestId, '--namespace', 'other', '--json'),
    ) as { machines: { workload: { name: string } }[] };
    assert.deepEqual(
      machines.map(({ workload }) => workload.name),
      ['echo2'],
    );
    assert.match(await succeed('node', 'probe', '--namespace', 'other'), /echo2.*other.*guest/);
    assert.equal(await succeed('node', 'probe', '--workload', 'echo2'), 'No workloads matched\n');
  });

  const filters: [flags: string[], shown: string[]][] = [
    [[], ['echojs', 'echo2']],
    [['--namespace', 'other'], ['echo2']],
    [['--node', 'HOST'], ['echojs']],
    [['--workload_name', 'echo2'], ['echo2']],
  ];
  for (const [flags, shown] of filters) {
    it(`shows logs and events with ${flags.join(' ') || 'no filter'} of ${shown.join(', ')}`, async () => {
      const given = flags.map((flag) => (flag === 'HOST' ? node.nodeId : flag));
      const follow = (verb: string, ...more: string[]) =>
        new NexdevProcess([verb, '--server', node.url, ...given, ...more], node.environment);
      const logs = follow('logs');
      const events = follow('events', '--type', 'function_exec_succeeded');
      const isShown = ({ printed }: NexdevProcess) => shown.every((name) => printed.includes(name));
      const deadline = Date.now() + 20_000;
      while (!(isShown(logs) && isShown(events)) && Date.now() < deadline) {
        await Promise.all([ask('first'), ask('second')]);
      }
      for (const { printed } of [logs, events]) {
        const seen = ['echojs', 'echo2'].filter((name) => printed.includes(name));
        assert.deepEqual(seen, shown);
      }
      assert.match(events.printed, /function_exec_succeeded {2}echo.* elapsed_nanos=\d+/);
      assert.deepEqual(await Promise.all([logs.interrupt(), events.interrupt()]), [0, 0]);
    });
  }

  it('stops on the right one, and lets it end once it is a lame duck', async () => {
    await run('--trigger_subject=third');
    assert.match(await succeed('lameduck', guestId), /^Command to enter lame duck mode issued to/);
    const listed = await succeed('node', 'ls');
    assert.match(listed, new RegExp(`${guestId}\\*`));
    const refused = await runNexdev(
      ['run', 'nats://NEXCLIFILES/echojs', guestId, '--type=v8', '--trigger_subject=x', '--json'],
      node.environment,
    );
    const { error } = errorLineSchema.parse(JSON.parse(refused.stderr));
    assert.match(error.message, /lame duck mode/);
    const file = join(node.directory, 'later.js');
    writeFileSync(file, '() => 1');
    const later = await succeed('devrun', file, '--trigger_subject=later');
    assert.match(later, new RegExp(`on node ${node.nodeId}`));
    await succeed('stop', guestId, 'echojs');
    await succeed('stop', guestId, 'echo2', '--namespace', 'other');
    await guest.exited;
    assert.equal(await ask('first'), 'first');
  });
});
