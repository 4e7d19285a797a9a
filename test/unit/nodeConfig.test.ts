import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readNodeConfig } from '../../runtime/node/nodeConfig.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { SourceFolder } from '../support/sourceFolder.ts';

describe('a node configuration file', () => {
  const folder = new SourceFolder();
  const read = (text: string) => readNodeConfig(folder.write('node.json', text));

  const workload = { name: 'x', namespace: 'default', type: 'v8', location: 'nats://B/k' };
  const refused: [text: string, why: RegExp][] = [
    ['{', /JSON/],
    ['[]', /it is not a JSON object/],
    ['{"tagz":{}}', /unknown field tagz\./],
    ['{"node_limits":{"max_loads":1}}', /unknown field node_limits\.max_loads\./],
    ['{"node_limits":{"max_workloads":-1}}', /node_limits\.max_workloads: /],
    ['{"no_sandbox":false}', /no_sandbox: this node has no sandbox/],
    ['{"machine_pool_size":0}', /machine_pool_size: machine pool size must be >= 1/],
    ['{"workload_types":["v8","oci"]}', /workload_types\.1: /],
    ['{"valid_issuers":["me"]}', /valid_issuers\.0: an issuer is a public key/],
    [
      '{"host_services_config":{"services":{"kv":{"enabled":false}}}}',
      /host_services_config\.services\.kv\.enabled: a host service cannot be switched off/,
    ],
    [
      JSON.stringify({ autostart: { workloads: [{ ...workload, location: 'B/k' }] } }),
      /autostart\.workloads\.0\.location: a location reads nats:/,
    ],
  ];
  for (const [text, why] of refused) {
    it(`is refused by name: ${text}`, async () => {
      await assert.rejects(read(text), (error) => {
        assert.ok(error instanceof NexError);
        assert.match(error.message, why);
        assert.match(error.message, /node\.json cannot be used/);
        return true;
      });
    });
  }

  it('has its fields in any letter case, as Go reads them, and null for a default', async () => {
    const { config, ignored } = await read(
      JSON.stringify({
        Tags: { Site: 'lab' },
        NODE_LIMITS: { Max_Workloads: 2 },
        Rate_Limiters: {},
        Autostart: { Workloads: [{ ...workload, Name: 'y', NAME: 'z' }] },
        workload_types: null,
      }),
    );
    assert.deepEqual(config.tags, { Site: 'lab' });
    assert.equal(config.node_limits.max_workloads, 2);
    assert.equal(config.autostart?.workloads[0]?.name, 'z');
    assert.equal(config.workload_types, undefined);
    assert.match(ignored.join(), /rate_limiters is ignored: Nex reads it and limits nothing by it/);
  });

  it('that is missing is refused', async () => {
    await assert.rejects(readNodeConfig('/nowhere/node.json'), /\/nowhere\/node\.json cannot be/);
  });

  it('may be one of a real node, whose Firecracker fields are ignored with the reason', async () => {
    const { config, ignored } = await read(
      JSON.stringify({
        default_resource_dir: '/opt/nex',
        machine_template: { vcpu_count: 1, memsize_mib: 256 },
        rate_limiters: { bandwidth: { size: 1 } },
        no_sandbox: true,
        tags: { site: 'lab' },
        autostart: { workloads: [workload] },
      }),
    );
    assert.deepEqual(config.tags, { site: 'lab' });
    assert.deepEqual(config.autostart?.workloads, [{ ...workload, environment: {} }]);
    assert.match(ignored.join('\n'), /default_resource_dir is ignored: it is for Firecracker/);
    assert.match(ignored.join('\n'), /rate_limiters is ignored: /);
    assert.equal(ignored.length, 3);
  });
});
