/** What a person can do about the words of a node: Nex's, and our own where Nex has none. */
export const remedies: readonly [words: RegExp, remedy: string][] = [
  [
    /deny list$/,
    'Take a subject that neither begins with $ nor is in the deny_trigger_subjects of the node’s configuration file.',
  ],
  [/^Invalid subject/, 'A namespace is one word without dots: --namespace NAME.'],
  [
    /^Unable to deserialize/,
    'That node expects requests of Nex 0.3: see with nexdev node info what it is.',
  ],
  [
    /maximum workload limit|node total limitations$/,
    'Stop a workload, or raise node_limits in its configuration file.',
  ],
  [
    /node limitations$/,
    'Make the file smaller, or raise node_limits.max_workload_bytes in its configuration file.',
  ],
  [/^Failed to decrypt environment/, 'Deploy again: a node that was started again has a new key.'],
  [/invalid workload name$/, 'Give it a name of letters, digits, _ and - only.'],
  [
    /artifact hash claim does not match/,
    'Deploy again: the artifact has changed since its claims were signed.',
  ],
  [
    /standard claims within JWT/,
    'See that the clocks here and there agree: its claims are not valid at this time.',
  ],
  [
    /^Invalid deploy request/,
    'Deploy again with nexdev: the request was not made as Nex 0.3 asks.',
  ],
  [/^essential flag/, 'Leave --essential out: an agent of a function is always started again.'],
  [
    /^Unsupported workload type on this node: native/,
    'Start the node with --allow-native to allow it.',
  ],
  [
    /^Unsupported workload type for trigger subject/,
    'Leave --trigger_subject out: a service subscribes by itself.',
  ],
  [/^Unsupported workload type/, 'Look at what the node runs: nexdev node info.'],
  [
    /^invalid workload issuer/,
    'Use the ~/.nex/issuer.nk of the user who started the node, or let that user allow yours: nexdev up --allow-issuer A….',
  ],
  [/^Invalid stop request/, 'Stop it with the key that deployed it: --issuer FILE.'],
  [/^No such workload/, 'See what runs: nexdev node info.'],
  [
    /^the service ended at once/,
    'Start it by hand to see more. It gets the variables that you give as KEY=VALUE, not your PATH and HOME.',
  ],
  [
    /exceeds maximum of \d+ bytes/,
    'Make it smaller: nexdev build --minify says how small it gets.',
  ],
  [
    /^failed to compile source/,
    'A real Nex 0.3 node has V8 11.1: build the file with nexdev build.',
  ],
  [/^failed to compile module/, 'Build the module again.'],
  [
    /^Failed to subscribe to the trigger subjects: NATS/,
    'Take another subject, or ask who runs that NATS to let the user of the node subscribe to it.',
  ],
  [
    /^no connection to NATS/,
    'The node, or --hs_url where it is given, names a NATS that the workload cannot use.',
  ],
  [
    /^Failed to cache workload bytes: .*(NATS does not let|no responders)/,
    'The user of the node may not use JetStream, where artifacts are: ask who runs that NATS.',
  ],
  [
    /^Failed to cache workload bytes: nats: (stream not found|invalid object-store name)/,
    'See that the bucket is there: nats object ls.',
  ],
  [
    /^Failed to cache workload bytes: nats: (object not found|name is required)/,
    'See that the file is in its bucket, under this name: nats object ls BUCKET.',
  ],
  [
    /no available agent client in pool/,
    'A refused deploy has cost that node its agent: start it again, or deploy to another.',
  ],
  [
    /agent pool did not initialize/,
    'The workload may run all the same: look with nexdev node info.',
  ],
  [
    /maximum number of agent workload deploy attempts|^Failed to get and write workload artifact/,
    'Try again: the agent was not ready yet.',
  ],
  [
    /^nats: (Authorization Violation|no servers available)|^error signing nonce/,
    'See what --hs_url, --hs_jwt and --hs_seed, or the host_services_config of the node, say.',
  ],
  [/^at least one trigger subject/, 'Give it one: --trigger_subject SUBJECT.'],
  [/^total bytes is required/, 'The file is empty: build it again.'],
  [/V8 is not supported/, 'Deploy it to a node on Linux with an amd64 processor.'],
  [
    /^Failed to initialize workload execution provider/,
    'That node cannot run this type: v8, wasm and native are what Nex 0.3 has.',
  ],
  [
    /static link check|^failed to open source binary/,
    'Nodes with a sandbox take static Linux executables: build a Go program with CGO_ENABLED=0.',
  ],
  [
    /^Failed to stop workload/,
    'Its agent may be dead already, which that node does not notice: start the node again.',
  ],
  [/lame duck mode/, 'That node is about to end: deploy to another.'],
  [/duplicate workload/, 'The same file runs there already: stop it first.'],
  [/^nats: timeout$/, 'The node could not start it in time: its own log says why.'],
];
