import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import type { NexError } from '../../runtime/protocol/nexError.ts';
import type { Mode } from '../../runtime/protocol/workloadTypes.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';

describe('a function that a real node refuses', () => {
  let node: TestNode;
  let connection: NatsConnection;
  before(async () => ({ node, connection } = await startConnectedNode()));

  const deploy = (source: string, mode: Mode) =>
    deployFunction(node, connection, {
      file: 'unfit.js',
      source,
      subjects: ['unfit'],
      extension: { options: { mode } },
    });

  const rejected =
    'Failed to deploy workload: workload rejected by agent: Failed to validate workload: ';
  const rows: [what: string, source: string, text: string][] = [
    [
      'over 12288 bytes',
      `(s) => s /*${'x'.repeat(12_277)}*/`,
      'source file (12290 bytes) exceeds maximum of 12288 bytes',
    ],
    [
      'in newer syntax',
      '(s) => /[a--b]/v.test(s)',
      'failed to compile source for execution: SyntaxError: Invalid regular expression flag',
    ],
  ];
  for (const [what, source, text] of rows) {
    it(`is refused in mode strict, ${what}, with a real node's words`, async () => {
      await assert.rejects(deploy(source, 'strict'), (error: NexError) => {
        assert.deepEqual(error.cause, new Error(rejected + text));
        assert.equal(error.message, `The node refused it: ${text}`);
        assert.notEqual(error.remedy, undefined);
        return true;
      });
    });

    it(`runs in mode faithful, ${what}`, async () => {
      const { warnings } = await deploy(source, 'faithful');
      assert.equal(warnings.length, 1);
      assert.equal((await connection.request('unfit', '', { timeout: 20_000 })).headers, undefined);
    });
  }

  it('runs as its first line says, unless who deploys it says otherwise', async () => {
    const source = `// nex: mode=strict\n(s) => s /*${'x'.repeat(12_277)}*/`;
    const asked = { file: 'asked.js', source, subjects: ['asked'] };
    await assert.rejects(deployFunction(node, connection, asked), /exceeds maximum/);
    await deployFunction(node, connection, {
      ...asked,
      extension: { options: { mode: 'faithful' } },
    });
  });
});
