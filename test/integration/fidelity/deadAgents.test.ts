import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import type { DevClient } from '../../../runtime/client/devClient.ts';
import type { Mode } from '../../../runtime/protocol/workloadTypes.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../../support/devNode.ts';
import { Publications } from '../../support/services.ts';

interface Dead {
  readonly mode: Mode;
  readonly subject: string;
  readonly workloadId: string;
}

/** A crash is never imitated, whatever the mode: each line says what the real node does, its check what this one does. */
describe('A.7.7 when an agent process dies', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;
  let published: Publications;
  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
    published = new Publications(connection);
  });
  after(() => node.stop());

  const source = '() => 1';
  const deploy = (mode: Mode) => {
    const subjects = [`dead.${mode}`];
    const extension = { options: { mode } };
    return deployFunction(node, connection, { file: `${mode}.js`, source, subjects, extension });
  };
  const ask = async ({ subject }: Dead) =>
    (await connection.request(subject, '', { timeout: 20_000 })).string();
  const detail = async ({ workloadId }: Dead) =>
    (await dev.workloads()).find(({ id }) => id === workloadId);
  const announced = ({ workloadId }: Dead, type: string) =>
    published.dataOf(type).filter((data) => JSON.stringify(data).includes(workloadId)).length;

  const lines: Record<string, (dead: Dead) => Promise<void>> = {
    'no workload_undeployed (here it is told, and that it is back)': async (dead) => {
      await published.until(() => announced(dead, 'workload_undeployed') === 1);
      await published.until(() => announced(dead, 'workload_deployed') === 2);
    },
    'no restart, callers get no reply (here the agent comes back)': async (dead) =>
      assert.equal(await ask(dead), '1'),
    'it stays listed as healthy (here with the agent that it has now)': async (dead) => {
      const found = await detail(dead);
      assert.deepEqual([found?.state, found?.restarts], ['running', 1]);
    },
    'the same bytes are refused as a duplicate (here they are deployed)': async (dead) => {
      await deploy(dead.mode);
      assert.equal(await ask(dead), '1');
    },
  };

  for (const mode of ['faithful', 'strict'] as const) {
    describe(`in ${mode}`, () => {
      let dead: Dead;
      before(async () => {
        const { workloadId } = await deploy(mode);
        dead = { mode, subject: `dead.${mode}`, workloadId };
        await published.until(() => announced(dead, 'workload_deployed') === 1);
        const pid = (await detail(dead))?.agentPid;
        assert.ok(pid !== undefined);
        process.kill(pid, 'SIGKILL');
      });
      for (const [line, check] of Object.entries(lines)) it(line, () => check(dead));
    });
  }
});
