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
  lameduck: {},
  'native-essential-redeploy': {},
};

/** Recordings that are not played here, and why. */
export const playedElsewhere: Readonly<Record<string, string>> = {
  'events-node': 'what a node says of itself: nodeEvents.test.ts',
  'agent-killed': 'a dead agent is replaced here, not left listed: fidelity/deadAgents.test.ts',
  'devrun-full': 'what the CLI sends: clientDevrun.test.ts',
  'devrun-native-essential':
    'what the CLI sends; the node’s part is in native-essential-placeholder-hash',
  'devrun-replace': 'what the CLI sends: clientDevrun.test.ts',
  'hostservices-directly-after-deploy': 'functions: fidelity/recordings.test.ts',
  'hostservices-disabled': 'functions: fidelity/recordings.test.ts',
  'run-and-stop': 'what the CLI sends; the node’s part is in info, deploy-v8 and stop',
};

/** Functions whose failures only `strict` tells as the real node does; replies: fidelity/recordings.test.ts. */
export const strictScenarios = [
  'invoke-throws',
  'invoke-timeout',
  'hostservices-http',
  'hostservices-messaging',
  'hostservices-objectstore',
  'wasm',
  'wasm-arguments',
];

/** Artifacts too large for a recording. */
export const unrecordedArtifacts: Readonly<Record<string, Record<string, string>>> = {
  'deploy-rejected-by-agent': { 'nats://REC/rej12289bytes': '(s, p) => 1'.padEnd(12_289) },
};

/** Exchanges that the real node refuses and ours in `strict` only, by index: `faithful` warns of that. */
export const strictExchanges: Readonly<Record<string, readonly number[]>> = {
  'deploy-rejected-by-agent': [8],
};
