import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { nodeRefusal } from '../../runtime/client/nodeRefusal.ts';
import { remedies } from '../../runtime/client/refusalRemedies.ts';

/** Every error of a real node's deploy and stop, and what the remedy is about. */
const real: readonly [error: string, about: RegExp][] = [
  ['Invalid subject for workload deployment', /namespace/],
  ['Node is in lame duck mode. Workload deploy request denied', /another/],
  ['Node is at maximum workload limit. Deploy request denied', /node_limits/],
  ['Unable to deserialize deploy request: unexpected end of JSON input', /Nex 0\.3/],
  ['Unsupported workload type on this node: wasm', /node info/],
  ['Unsupported workload type on this node: native', /--allow-native/],
  ['Unsupported workload type for trigger subject registration: native', /--trigger_subject/],
  [
    "The trigger subject $SYS.a overlaps with subject(s) in this node's deny list",
    /deny_trigger_subjects/,
  ],
  ['Failed to decrypt environment for deploy request: nkeys: could not decrypt input', /again/],
  ['Invalid deploy request: could not decode workload JWT: expected 3 chunks', /again/],
  ['Invalid deploy request: invalid workload name', /letters/],
  ['Invalid deploy request: artifact hash claim does not match request', /changed/],
  ['Invalid deploy request: standard claims within JWT are not valid', /clocks/],
  ['invalid workload issuer: AAAA', /issuer\.nk/],
  ['Failed to get agent client from pool: no available agent client in pool', /start it again/],
  ['Failed to cache workload bytes: nats: stream not found', /nats object ls/],
  ['Failed to cache workload bytes: nats: invalid object-store name', /nats object ls/],
  ['Failed to cache workload bytes: nats: object not found', /nats object ls BUCKET/],
  ['Failed to cache workload bytes: nats: name is required', /nats object ls BUCKET/],
  ['Failed to cache workload bytes: nats: no responders available for request', /JetStream/],
  ['Workload file size would exceed node limitations', /max_workload_bytes/],
  ['Workload file size would exceed node total limitations', /Stop a workload/],
  ['Could not deploy workload, agent pool did not initialize properly', /may run/],
  [
    'Failed to deploy workload: attempted to deploy duplicate workload to node configured to reject duplicates',
    /stop it first/,
  ],
  [
    'Failed to deploy workload: failed to submit request for workload deployment: failed to submit request for workload deployment: nats: timeout',
    /in time/,
  ],
  [
    'Failed to deploy workload: failed to submit request for workload deployment: exceeded maximum number of agent workload deploy attempts: 10',
    /Try again/,
  ],
  ['Failed to deploy workload: nats: Authorization Violation', /--hs_url/],
  ['Failed to deploy workload: nats: no servers available for connection', /--hs_url/],
  [
    'Failed to deploy workload: error signing nonce: unable to extract key pair from seed: illegal base32 data',
    /--hs_seed/,
  ],
  ...(
    [
      ['essential flag is not supported for workload type', /--essential/],
      ['at least one trigger subject is required for this workload type', /--trigger_subject/],
      ['total bytes is required', /empty/],
      [
        'Failed to get and write workload artifact to temp dir: nats: jetstream not enabled',
        /Try again/,
      ],
      [
        'Failed to initialize workload execution provider; V8 is not supported on this platform',
        /amd64/,
      ],
      [
        'Failed to initialize workload execution provider; oci execution provider not yet implemented',
        /type/,
      ],
      [
        'Failed to validate workload: source file (12289 bytes) exceeds maximum of 12288 bytes',
        /--minify/,
      ],
      [
        'Failed to validate workload: failed to compile source for execution: SyntaxError: Unexpected token',
        /nexdev build/,
      ],
      ['Failed to validate workload: failed to compile module: invalid magic number', /Build/],
      ['Failed to validate workload: failed to open source binary: bad magic', /static/],
      [
        'Failed to validate workload: file failed static link check: native binary contains at least one dynamically linked dependency',
        /CGO_ENABLED/,
      ],
    ] as const
  ).map(([text, about]): [string, RegExp] => [
    `Failed to deploy workload: workload rejected by agent: ${text}`,
    about,
  ]),
  ['Invalid subject for workload stop', /namespace/],
  ['Unable to deserialize stop request: unexpected end of JSON input', /Nex 0\.3/],
  ['No such workload', /node info/],
  [
    'Invalid stop request: the only entity allowed to terminate a workload is the issuer that originally started it',
    /--issuer/,
  ],
  ['Failed to stop workload: os: process already finished', /dead/],
];

/** Words of our own node. */
const own: readonly [error: string, about: RegExp][] = [
  ['Failed to deploy workload: workload rejected by agent: the service ended at once', /by hand/],
  [
    'Failed to deploy workload: Failed to subscribe to the trigger subjects: NATS does not let it',
    /another subject/,
  ],
  ['Failed to deploy workload: no connection to NATS: refused', /--hs_url/],
];

describe('what a node refuses is told with a remedy', () => {
  const told = [...real, ...own];
  for (const [error, about] of told) {
    it(error, () => {
      const refusal = nodeRefusal(error);
      assert.match(refusal.remedy ?? '', about);
      assert.deepEqual(refusal.cause, new Error(error));
      assert.doesNotMatch(refusal.message, /workload rejected by agent|Failed to deploy/);
    });
  }

  it('and no remedy is for nothing', () => {
    const given = new Set(told.map(([error]) => nodeRefusal(error).remedy));
    const unused = remedies.map(([, remedy]) => remedy).filter((remedy) => !given.has(remedy));
    assert.deepEqual(unused, []);
  });
});
