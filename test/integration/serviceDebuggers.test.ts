import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, before, describe, it } from 'mocha';
import { serviceDebuggers } from '../../extension/debug/serviceDebuggers.ts';
import type { DevClient } from '../../runtime/client/devClient.ts';
import { endClients } from '../support/dapClient.ts';
import { debuggedServices, type DebuggedService } from '../support/debuggedServices.ts';
import { startConnectedNode, type TestNode } from '../support/devNode.ts';
import { processesOfService, untilGone } from '../support/processes.ts';
import { deployService, Publications, stopService } from '../support/services.ts';

const given = { env: { given: '1' }, argv: ['a', 'b'] };

describe('a service under the debugger of its language', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;
  let publications: Publications;

  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
    publications = new Publications(connection);
  });

  afterEach(async () => {
    await endClients();
    publications.logs.length = 0;
  });

  for (const kind of ['dlv', 'lldb', 'debugpy'] as const) {
    it(`stops at a breakpoint of ${kind}, in the environment that it would have, and ends`, async function () {
      // The debugger may have to be built.
      this.timeout(280_000);
      const service = await debuggedServices[kind](node.directory);
      if (typeof service === 'string') {
        console.log(`      skipped: ${service}`);
        return this.skip();
      }
      const { executable, own = [] } = service;
      const expected = [...(await plainEnvironment(executable)), ...own].sort();
      const { workloadId, address, program } = await deployUnderDebugger(kind, service);
      const { source = program, attach } = service;
      const line = await lineOfPrint(source);
      const [attachment] = serviceDebuggers[kind].attachments;
      const configuration = attachment?.configuration({ address, program }) ?? {};
      const client = await attach({ address, configuration, file: source, lines: [line] });

      // LLDB 14 may tell of the stop at which it attached, and goes on by itself.
      const at = await client.stopped('breakpoint');
      assert.deepEqual([at.path, at.line], [source, line]);
      assert.equal(await client.value('count', at.frameId, 'watch'), '3');
      assert.ok(!(publications.text + client.printed).includes('arguments='));
      await client.continue(at.threadId);
      assert.ok(expected.includes('GIVEN=1'), expected.join(' '));
      if (service.output === 'client') await client.printedText('arguments=3');
      else await publications.log(/arguments=3/);
      const printed = service.output === 'client' ? client.printed : publications.text;
      assert.deepEqual(environmentIn(printed), expected);

      const processes = processesOfService(workloadId);
      assert.ok(processes.length > 0);
      await client.disconnectRequest({ terminateDebuggee: false });
      await stopService(node, connection, workloadId).catch(assertGone);
      await untilGone(processes);
    });
  }

  async function plainEnvironment(source: string | Uint8Array): Promise<string[]> {
    const deployed = { ...given, file: 'plain', source };
    const { workloadId } = await deployService(node, connection, deployed);
    await publications.log(/arguments=3/);
    await stopService(node, connection, workloadId);
    const environment = environmentIn(publications.text);
    publications.logs.length = 0;
    return environment;
  }

  async function deployUnderDebugger(
    kind: 'dlv' | 'lldb' | 'debugpy',
    { executable, path }: DebuggedService,
  ) {
    const wanted = { kind, ...(path === undefined ? {} : { path }) };
    const deployed = { ...given, file: 'debugged', source: executable };
    const extension = { debugger: wanted };
    const { workloadId } = await deployService(node, connection, { ...deployed, extension });
    const address = (await dev.workloads()).find(({ id }) => id === workloadId)?.debugger;
    assert.ok(address !== undefined);
    return { workloadId, address, program: join(node.directory, deployed.file) };
  }
});

/** But for what names the workload. */
const environmentIn = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .filter((line) => /^[A-Z_]+=/.test(line))
    .map((line) => line.replace(/^(NEXDEV_WORKLOAD)=.*/, '$1'))
    .sort();

async function lineOfPrint(file: string): Promise<number> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.findIndex((line) => line.includes('arguments=')) + 1;
}

/** A debugger may end with its client, and the service with it. */
function assertGone(error: unknown): void {
  assert.match(String(error), /No such workload/i);
}
