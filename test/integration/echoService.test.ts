import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Svcm } from '@nats-io/services';
import { before, describe, it } from 'mocha';
import { searchPath } from '../../runtime/protocol/programs.ts';
import { echoService } from '../../tools/examples/echoService.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';
import { runNexdev } from '../support/nexdev.ts';
import { descendantsOf, untilGone } from '../support/processes.ts';
import { Publications } from '../support/services.ts';

describe('the talk’s echo service', function () {
  let node: TestNode;
  let program: string;

  before(async function () {
    const go = await searchPath('go');
    if (go.length === 0) {
      console.log('      skipped: there is no Go to build it');
      this.skip();
    }
    this.timeout(300_000);
    node = await startTestNode();
    program = join(node.directory, 'echo');
    const { program: compiler, args, env } = await echoService.command(program);
    await promisify(execFile)(compiler, [...args], { env: { ...process.env, ...env } });
  });

  it('answers, is discovered, logs, and leaves no process when it is stopped', async () => {
    const connection = await node.connect();
    const publications = new Publications(connection);
    const deployed = await runNexdev(['devrun', program], node.environment);
    assert.equal(deployed.code, 0, deployed.stderr);
    assert.match(deployed.stdout, /'echo' accepted/);
    assert.equal((await publications.log(/svc\.echo is served/)).workload, 'echo');

    const answer = await runNexdev(['req', 'svc.echo', 'hello'], node.environment);
    assert.match(answer.stdout, /hello/);
    assert.equal((await publications.log(/msg=request|INFO request/)).level, 'INFO');

    const found = await new Svcm(connection).client().info('EchoService');
    const [service] = await Array.fromAsync(found);
    assert.equal(service?.version, '1.0.0');
    assert.deepEqual(
      service.endpoints.map(({ subject }) => subject),
      ['svc.echo'],
    );

    const processes = descendantsOf(node.pid).filter(({ command }) =>
      command.includes('workload-'),
    );
    assert.equal(processes.length, 1);
    const stopped = await runNexdev(['stop', 'echo'], node.environment);
    assert.equal(stopped.code, 0, stopped.stderr);
    await untilGone(processes.map(({ pid }) => pid));
  });

  it('takes no trigger subject', async () => {
    const args = ['devrun', program, '--trigger_subject=svc.echo'];
    const { code, stderr } = await runNexdev(args, node.environment);
    assert.equal(code, 1);
    assert.match(stderr, /A service has no trigger subjects/);
  });
});
