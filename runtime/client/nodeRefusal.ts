import { NexError } from '../protocol/nexError.ts';

/** What Nex puts before the words of who refuses, one or several of it. */
const introductions =
  /^(?:Failed to (?:deploy|validate) workload: |workload rejected by agent: |failed to submit request for workload deployment: )+/;

/** What a person can do about the words of a node: Nex's, and our own where Nex has none. */
const remedies: readonly [words: RegExp, remedy: string][] = [
  [
    /deny list$/,
    'Take a subject that neither begins with $ nor is in the deny_trigger_subjects of the node’s configuration file.',
  ],
  [/maximum workload limit/, 'Stop a workload, or raise node_limits in its configuration file.'],
  [/^essential flag/, 'Leave --essential out: an agent of a function is always started again.'],
  [
    /^Unsupported workload type on this node: native/,
    'Start the node with --allow-native to allow it.',
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
  [/lame duck mode/, 'That node is about to end: deploy to another.'],
  [/duplicate workload/, 'The same file runs there already: stop it first.'],
  [/^nats: timeout$/, 'The node could not start it in time: its own log says why.'],
];

/** Where the node's words are all there is to say. */
const lastRemedy = 'The log of the node may say more: nexdev logs --level DEBUG.';

/** What a node refused, without Nex's introductions and with what to do; the cause has the node's exact text. */
export function nodeRefusal(text: string): NexError {
  const words = text.replace(introductions, '');
  const [, remedy = lastRemedy] = remedies.find(([pattern]) => pattern.test(words)) ?? [];
  const sentence = words.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase());
  return new NexError('node-refused', `The node refused it: ${sentence}`, {
    remedy,
    cause: new Error(text),
  });
}
