import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { before, describe, it } from 'mocha';
import type { DevClient } from '../../runtime/client/devClient.ts';
import type { DeployExtension } from '../../runtime/protocol/controlApi.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';
import { deployService, Publications } from '../support/services.ts';

/** Whether web APIs are there tells the mode, a count that goes on the contexts. */
const probe = (version: string, comment = '') =>
  `${comment}\n(() => { globalThis.count = (globalThis.count ?? 0) + 1; return ${version} + ' ' + typeof TextEncoder + ' ' + count; })`;

describe('a reload', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: DevClient;

  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
  });

  const reload: DeployExtension = { reload: true };
  const answer = async (subject: string) => (await connection.request(subject)).string();
  const deployed = (file: string, source: string, extension: DeployExtension) =>
    deployFunction(node, connection, {
      file,
      source,
      subjects: [file.replace('.', '')],
      extension,
    });

  it('keeps the limits and the options that the deployer gave', async () => {
    const options = { contexts: 'shared' } as const;
    await deployed('kept.js', probe('1'), { limits: { timeoutMs: 1234 }, options });
    await deployed('kept.js', probe('2', '// nex: contexts=fresh mode=strict'), reload);
    assert.equal(await answer('keptjs'), '"2 undefined 1"');
    assert.equal(await answer('keptjs'), '"2 undefined 2"');
    const [detail] = await dev.workloads();
    assert.deepEqual(detail?.limits, { timeoutMs: 1234, memoryMb: 128 });
  });

  it('takes what the file itself asks for from its new version', async () => {
    await deployed('asks.js', probe('1', '// nex: mode=strict'), {});
    assert.equal(await answer('asksjs'), '"1 undefined 1"');
    await deployed('asks.js', probe('2'), reload);
    assert.equal(await answer('asksjs'), '"2 function 1"');
  });

  it('keeps the trigger subjects that the version before was given last', async () => {
    await deployed('moved.js', probe('1'), {});
    const moved = { file: 'moved.js', source: probe('1'), subjects: ['elsewhere'] };
    await deployFunction(node, connection, moved);
    await deployed('moved.js', probe('2'), reload);
    assert.equal(await answer('elsewhere'), '"2 function 1"');
  });

  it('keeps a service’s environment and arguments', async () => {
    const publications = new Publications(connection);
    const source = (version: number) =>
      `#!/bin/sh\necho "version ${version} A=$A [$1]"\nexec /bin/sleep 100\n`;
    const service = { file: 'kept.sh', env: { A: 'secret' }, argv: ['a b'] };
    await deployService(node, connection, { ...service, source: source(1) });
    await deployService(node, connection, {
      file: 'kept.sh',
      source: source(2),
      extension: reload,
    });
    assert.equal((await publications.log(/version 2/)).text, 'version 2 A=secret [a b]\n');
  });

  it('is done once where several clients see the same save', async () => {
    const first = await deployed('once.js', probe('1'), {});
    const again = await deployed('once.js', probe('1'), reload);
    assert.equal(again.workloadId, first.workloadId);
    const both = await Promise.all([
      deployed('once.js', probe('2'), reload),
      deployed('once.js', probe('2'), reload),
    ]);
    const [id, ...others] = new Set(both.map(({ workloadId }) => workloadId));
    assert.notEqual(id, first.workloadId);
    assert.deepEqual(others, []);
    assert.equal(await answer('oncejs'), '"2 function 1"');
  });

  it('leaves a service alone that is in its debugger', async () => {
    const source = '#!/usr/bin/env node\nsetInterval(() => {}, 1e6);\n';
    const wanted = { kind: 'node', path: process.execPath } as const;
    const service = { file: 'debugged', source, extension: { debugger: wanted } };
    const { workloadId } = await deployService(node, connection, service);
    const next = { file: 'debugged', source: `${source}//\n`, extension: reload };
    const again = await deployService(node, connection, next);
    assert.equal(again.workloadId, workloadId);
    assert.match(again.warnings.map(({ text }) => text).join(), /goes on in its old version/);
  });
});
