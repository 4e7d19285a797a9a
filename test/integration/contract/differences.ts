/** How an exchange ends here, and why not as then. */
export type Difference = { readonly reason: string } & (
  | { readonly ends: 'silence' }
  | { readonly ends: 'success'; readonly error?: undefined }
  | { readonly ends: 'error'; readonly error: string }
  /** Of a function. */
  | { readonly ends: 'reply'; readonly reply: RegExp }
);

const noWedge: Difference = {
  ends: 'success',
  reason: 'a refused deploy does not wedge our node',
};
const noEmptyReply: Difference = {
  ends: 'reply',
  reply: /./,
  reason: 'what cannot be sent is an error here, not an empty reply',
};

/** Where we mean to differ, by scenario and index of the exchange. */
export const differences: Readonly<Record<string, Readonly<Record<number, Difference>>>> = {
  'deploy-bad-location-bucket': { 1: noWedge },
  'deploy-duplicate': { 3: noWedge },
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
    21: { ends: 'reply', reply: /^1$/, reason: 'a Promise is awaited here' },
    23: noEmptyReply,
    24: noEmptyReply,
  },
  'hostservices-kv': {
    1: {
      ends: 'reply',
      reply: /\[65,233\]/,
      reason: 'bytes above 0x7F are not doubled here: fidelity/bucketRows.ts',
    },
  },
  lameduck: {
    4: {
      ends: 'silence',
      reason: 'a lame duck does not bid: who chose it would be refused',
    },
  },
};

/** What is published otherwise here, as patterns of comparable texts, and why. */
export interface PublishedDifference {
  /** Not published here. */
  readonly theirs?: readonly RegExp[];
  /** Published here only. */
  readonly ours?: readonly RegExp[];
  readonly reason: string;
}

const said: PublishedDifference = {
  ours: [/"text":"(http|kv|messaging|objectStore)\.\w+: .*"level":"DEBUG"/],
  reason: 'why a host service failed is told where the real one says 500 only',
};
const ended: PublishedDifference = {
  theirs: [/"workload_name":"job","reason":"Workload undeploy requested"/],
  ours: [/"workload_name":"job","reason":"the service ended \(/],
  reason: 'nobody asked for it: how it ended is told',
};
const exited = (how: string): readonly PublishedDifference[] => [
  ended,
  {
    theirs: [/"Workload job exited"/],
    ours: [new RegExp(`"Workload job exited \\(${how}\\)"`)],
    reason: 'the log says how it ended, as the event does',
  },
];
const restarted: PublishedDifference = {
  ours: [/"the service ended \(exit code 4\); it is started again in \d+ ms"/],
  reason: 'a log that says why there is a pause',
};

export const publishedDifferences: Readonly<Record<string, readonly PublishedDifference[]>> = {
  'invoke-ok': [
    {
      theirs: [/trigger subject: rec\.a"/, /"trigger_subject":"rec\.a"/, /execution succeeded/],
      reason: 'the recording has one message more than it lists: one without a reply subject',
    },
  ],
  'invoke-timeout': [
    {
      theirs: [/function_exec_failed/, /"Function execution failed"/],
      ours: [/calling js function/, /function_exec_succeeded/, /execution succeeded/],
      reason: 'after a time-out the next message is answered here',
    },
  ],
  'hostservices-kv': [
    said,
    {
      ours: [/kv\.set got bytes above 0x7F/],
      reason: 'what a real node would do otherwise is warned of, here on a node of ours only',
    },
  ],
  'hostservices-http': [
    said,
    {
      theirs: [/"total_bytes":869/],
      reason: 'the function asks a server of this test: its source has another length',
    },
  ],
  'hostservices-messaging': [
    said,
    {
      theirs: [/attempting to publish msg/],
      reason: 'a call with wrong arguments never leaves the function here',
    },
  ],
  'hostservices-objectstore': [said],
  wasm: [
    {
      ours: [/the function wrote nothing to stdout/],
      reason: 'why a function failed is told; the real agent swallows it',
    },
  ],
  'native-exit-0': [ended],
  'native-exit-3': exited('exit code 3'),
  'native-exit-signal': [
    ended,
    {
      theirs: [/"Workload job failed to deploy"/],
      ours: [/"Workload job exited \(SIGKILL\)"/],
      reason: 'it was deployed: the real node takes every code of -1 for that failure',
    },
  ],
  'native-essential-placeholder-hash': [
    ...exited('exit code 4'),
    restarted,
    {
      ours: [/"Workload undeployed"/, /Exited workload: job; vm: WORKLOAD; status: 4/],
      reason:
        '--essential restarts: the real node refuses its own request, as the claim is no hash',
    },
  ],
  'native-essential-redeploy': [
    ...exited('exit code 4'),
    restarted,
    {
      ours: [/\.node_stopped /],
      reason: 'a lame duck ends with the last that runs; the real one stays for ever',
    },
  ],
};
