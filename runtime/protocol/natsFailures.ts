import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { NexError } from './nexError.ts';

/**
 * What NATS refuses a user or does not have, in words: `nats-permission`, `nats-authorization`, `nats-limit`,
 * `no-jetstream`, `jetstream-full`, `payload-too-large`. Every other error stays as it is.
 */
export function explainNats(error: unknown): unknown {
  if (error instanceof NexError) return error;
  for (const cause of causes(error)) {
    const explained = explain(cause);
    if (explained !== undefined) return explained;
  }
  return error;
}

/** Of a publication or a subscription. */
export const isPermissionViolation = (error: unknown): boolean =>
  causes(error).some((cause) => cause instanceof errors.PermissionViolationError);

/** The client wraps what the server says differently from call to call. */
function causes(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}

function explain(cause: Error): NexError | undefined {
  if (cause instanceof errors.PermissionViolationError) return describePermission(cause);
  if (
    cause instanceof errors.AuthorizationError ||
    cause instanceof errors.UserAuthenticationExpiredError
  ) {
    return new NexError('nats-authorization', `NATS refuses this user: ${cause.message}`, {
      remedy: 'What it logs in with may have expired or been revoked: log in with something else.',
      cause,
    });
  }
  const [, code, text, remedy] = limits.find(([isIt]) => isIt(cause)) ?? [];
  if (code === undefined || text === undefined || remedy === undefined) return undefined;
  return new NexError(code, text, { remedy, cause });
}

/** What a subject is for, and where it would help, what to ask for. */
const purposes: readonly [begin: RegExp, purpose: string, remedy: string][] = [
  [
    /^_INBOX\./,
    ', where answers arrive',
    'Ask who runs it to allow "_INBOX.>", or use a context with the inbox_prefix of this user.',
  ],
  [
    /^\$JS\./,
    ', where JetStream is asked',
    'Ask who runs it to allow "$JS.API.>" to publish to: artifacts and buckets need it.',
  ],
  [/^\$NEX\./, ', which Nex uses', 'Ask who runs it to allow "$NEX.>", or log in as another user.'],
  [
    /^\$NEXDEV\./,
    ', where Nex Devrun nodes are asked',
    'Ask who runs it to allow "$NEXDEV.>", or log in as another user.',
  ],
];

function describePermission(cause: InstanceType<typeof errors.PermissionViolationError>): NexError {
  const verb = cause.operation === 'publish' ? 'publish' : 'subscribe';
  const { subject } = cause;
  const ask = `Ask who runs it for that permission, or log in as another user.`;
  const [, purpose = '', remedy = ask] = purposes.find(([begin]) => begin.test(subject)) ?? [];
  const text = `NATS does not let this user ${verb} to "${subject}"${purpose}.`;
  return new NexError('nats-permission', text, { remedy, cause });
}

type Test = (cause: Error) => boolean;

/** For what the client has no class: the words of the server (`server/errors.go`) or of the client itself. */
const says =
  (words: RegExp): Test =>
  ({ message }) =>
    words.test(message);

/** Codes of JetStream's API (`server/errors.json`). */
const isJetStream =
  (...codes: number[]): Test =>
  (cause) =>
    cause instanceof JetStreamApiError && codes.includes(cause.code);

const isNotEnabled = isJetStream(JetStreamApiCodes.JetStreamNotEnabledForAccount, 10_076);

/** By its name, since the client does not export the class; or nobody answers where JetStream would. */
const hasNoJetStream: Test = (cause) =>
  cause.name === 'JetStreamNotEnabled' ||
  isNotEnabled(cause) ||
  (cause instanceof errors.NoRespondersError && cause.subject.startsWith('$JS.'));

const limits: readonly [isIt: Test, code: string, text: string, remedy: string][] = [
  [
    hasNoJetStream,
    'no-jetstream',
    'This NATS has no JetStream for this user, which artifacts and buckets need.',
    'Start nats-server with -js, enable it for the account, or use the server that `nexdev up` starts.',
  ],
  [
    isJetStream(10_002, 10_023, 10_026, 10_027, 10_028, 10_047, 10_122),
    'jetstream-full',
    'JetStream has no more room for this account.',
    'Delete streams or buckets (`nats stream ls`), or raise the limits of the account.',
  ],
  [
    says(/max_payload size exceeded|maximum payload violation/i),
    'payload-too-large',
    'The message is larger than this NATS takes.',
    'Send less, or raise max_payload in the configuration of nats-server.',
  ],
  [
    says(/maximum (account active )?connections exceeded/i),
    'nats-limit',
    'This NATS takes no more connections.',
    'End some, or raise max_connections in the configuration of nats-server or the account.',
  ],
  [
    says(/maximum subscriptions exceeded/i),
    'nats-limit',
    'NATS takes no more subscriptions of this user: some messages do not arrive.',
    'Raise max_subscriptions in the configuration of nats-server or the account.',
  ],
];
