/** Recordings that are played to a node that all of them share, as it was configured then. */
export const sharedConfig = {
  tags: { simple: 'true', node_name: 'recorder' },
  deny_trigger_subjects: ['priv.*'],
};
export const scenarios = [
  'ping',
  'auction',
  'auction-refused',
  'wping',
  'info',
  'deploy-v8',
  'deploy-bad-request',
  'deploy-bad-type',
  'deploy-bad-trigger',
  'deploy-bad-environment',
  'deploy-bad-jwt',
  'deploy-bad-issuer',
  'deploy-bad-location-bucket',
  'deploy-bad-location-bucket-name',
  'deploy-bad-location-empty-key',
  'deploy-bad-location-key',
  'deploy-rejected-by-agent',
  'stop',
  'stop-unknown',
  'stop-refused',
  'stop-wrong-issuer',
  'invoke-ok',
  'invoke-return-values',
  'hostservices-kv',
  'native',
  'native-exit-0',
  'native-exit-3',
  'native-exit-signal',
  'native-essential-placeholder-hash',
  'deploy-native-cannot-start',
];

/** Recordings of a node that was configured otherwise, or ends as a lame duck: each has its own. */
export const ownNodes: Readonly<Record<string, object>> = {
  'cli-queries': {},
  'deploy-duplicate': { allow_duplicate_workloads: false },
  'deploy-limits': { node_limits: { max_workload_bytes: 40 } },
  'deploy-limits-count': { node_limits: { max_workloads: 1 } },
  'deploy-limits-total': { node_limits: { max_total_bytes: 10 } },
  'events-node': {},
  lameduck: {},
  'native-essential-redeploy': {},
};

/** Recordings that are not played here, and why. */
export const playedElsewhere: Readonly<Record<string, string>> = {
  'agent-killed': 'a dead agent is replaced here, not left listed: fidelity/deadAgents.test.ts',
  'devrun-full': 'what the CLI sends: clientDevrun.test.ts',
  'devrun-native-essential':
    'what the CLI sends; the node’s part is in native-essential-placeholder-hash',
  'devrun-replace': 'what the CLI sends: clientDevrun.test.ts',
  'hostservices-directly-after-deploy': 'functions: fidelity/recordings.test.ts',
  'hostservices-disabled': 'functions: fidelity/recordings.test.ts',
  'hostservices-http': 'functions: fidelity/recordings.test.ts',
  'hostservices-messaging': 'functions: fidelity/recordings.test.ts',
  'hostservices-objectstore': 'functions: fidelity/recordings.test.ts',
  'invoke-throws': 'functions: fidelity/recordings.test.ts',
  'invoke-timeout': 'functions: fidelity/recordings.test.ts',
  'run-and-stop': 'what the CLI sends; the node’s part is in info, deploy-v8 and stop',
  wasm: 'functions: wasm.test.ts',
  'wasm-arguments': 'functions: wasm.test.ts',
};

/** How an exchange ends here, and why not as then; `skip`: it is not even played. */
export interface Difference {
  readonly ends: 'skip' | 'silence' | 'success' | 'error';
  readonly error?: string;
  readonly reason: string;
}

const noWedge: Difference = {
  ends: 'success',
  reason: 'a refused deploy does not wedge our node',
};
const noEmptyReply: Difference = {
  ends: 'skip',
  reason: 'what cannot be sent is an error here, not an empty reply',
};

/** Where we mean to differ, by scenario and index of the exchange. */
export const differences: Readonly<Record<string, Readonly<Record<number, Difference>>>> = {
  'deploy-bad-environment': { 6: { ends: 'skip', reason: 'the text of Go’s JSON parser' } },
  'deploy-bad-location-bucket': { 1: noWedge },
  'deploy-duplicate': { 3: noWedge },
  'deploy-rejected-by-agent': {
    8: { ends: 'skip', reason: 'the 12288-byte limit is a warning here' },
  },
  'deploy-native-cannot-start': {
    0: {
      ends: 'error',
      error:
        'Failed to deploy workload: workload rejected by agent: the file is neither an executable nor a script with a #! line',
      reason: 'the real node says nothing but that it waited too long',
    },
  },
  'invoke-return-values': {
    17: noEmptyReply,
    21: { ends: 'skip', reason: 'a Promise is awaited here' },
    23: noEmptyReply,
    24: noEmptyReply,
  },
  'hostservices-kv': {
    1: { ends: 'skip', reason: 'bytes above 0x7F are not doubled here: fidelity/bucketRows.ts' },
  },
  lameduck: {
    4: {
      ends: 'silence',
      reason: 'a lame duck does not bid: who chose it would be refused',
    },
  },
};
