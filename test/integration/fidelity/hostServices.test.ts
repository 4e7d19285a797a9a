import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import type { Mode } from '../../../runtime/protocol/workloadTypes.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../../support/devNode.ts';

/** Lines of A.8.3 and A.8.5 that take more than one call, or one function, to be seen. */
describe('host services as a whole', () => {
  let node: TestNode;
  let connection: NatsConnection;
  before(async () => ({ node, connection } = await startConnectedNode()));
  after(() => node.stop());

  const deploy = (mode: Mode, file: string, source: string, subject: string) =>
    deployFunction(node, connection, {
      file,
      source,
      subjects: [subject],
      extension: { options: { mode } },
    });
  const ask = async (subject: string) =>
    (await connection.request(subject, 'x', { timeout: 20_000 })).string();

  for (const mode of ['faithful', 'strict'] as const) {
    // The real node serves all workloads one after the other: a wedge, which no mode imitates.
    it(`A.8.3 a request without an answer holds up nobody else in ${mode}`, async () => {
      const deaf = connection.subscribe(`${mode}.deaf`, { max: 1 });
      const held = `(s, p) => messaging.request('${mode}.deaf', p)`;
      await deploy(mode, `held${mode}.js`, held, `${mode}.held`);
      await deploy(mode, `other${mode}.js`, "() => kv('other').keys()", `${mode}.other`);
      connection.publish(`${mode}.held`, 'x');
      const [request] = await Array.fromAsync(deaf);
      assert.equal(await ask(`${mode}.other`), '[]');
      request?.respond('late');
    });

    // On the real node a module is refused as a script; here what is deployed is a script that was made of it.
    it(`A.8.5 #11 an export default runs in ${mode}`, async () => {
      await deploy(mode, `module${mode}.mjs`, 'export default (s) => s;', `${mode}.module`);
      assert.equal(await ask(`${mode}.module`), `"${mode}.module"`);
    });
  }
});
