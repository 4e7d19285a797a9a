import { connect, errors, type NatsConnection } from '@nats-io/transport-node';
import { withDomain } from '../protocol/jetStream.ts';
import { explainNats } from '../protocol/natsFailures.ts';
import { toConnectionOptions, type NatsOptions } from '../protocol/natsOptions.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { findExpiry } from './credentialsExpiry.ts';
import { isTimeout } from './natsErrors.ts';
import { readGreeting } from './readGreeting.ts';
import { readTlsAlert } from './readTlsAlert.ts';
import { describeTlsFailure } from './tlsFailures.ts';

/** A connection, and how it was logged in. */
export interface OpenConnection {
  readonly connection: NatsConnection;
  readonly nats: NatsOptions;
}

/**
 * Connects to the first that answers. Throws a NexError `nats-unreachable`, `nats-authorization`,
 * `credentials-expired`, `nats-limit` or `nats-tls`, of the first that does not.
 *
 * @param name shown by `nats server report connections`
 */
export async function openConnection(
  candidates: readonly NatsOptions[],
  name: string,
): Promise<OpenConnection> {
  const failures: unknown[] = [];
  for (const candidate of candidates) {
    try {
      const connection = await connect({ ...toConnectionOptions(candidate), name });
      return { connection: withDomain(connection, candidate.jsdomain), nats: candidate };
    } catch (error) {
      failures.push(error);
    }
  }
  const [cause] = failures;
  throw describeFailure(
    candidates,
    isTimeout(cause) ? await readReason(candidates[0], cause) : cause,
  );
}

/** Where the client only waited: a server that takes no more connections, or not our certificate, says so at once. */
async function readReason(options: NatsOptions | undefined, cause: unknown): Promise<unknown> {
  const [url = ''] = options?.servers.split(',') ?? [];
  const greeting = await readGreeting(url);
  const [, refusal] = /^-ERR '(.*)'/m.exec(greeting) ?? [];
  if (refusal !== undefined) return new Error(refusal, { cause });
  const isTls = options?.tls?.first === true || /"tls_required":\s*true/.test(greeting);
  return (isTls ? await readTlsAlert(url, options?.tls ?? {}) : undefined) ?? cause;
}

function describeFailure(candidates: readonly NatsOptions[], cause: unknown): NexError {
  const places = [...new Set(candidates.map(({ servers }) => servers))].join(' or ');
  if (cause instanceof errors.AuthorizationError) {
    return describeRefusal(places, candidates[0], cause);
  }
  const explained = explainNats(cause);
  if (explained instanceof NexError) return explained;
  const tls = describeTlsFailure(places, cause);
  if (tls !== undefined) return tls;
  const text = `No NATS server answers at ${places}: ${errorText(cause)}`;
  return new NexError('nats-unreachable', text, {
    remedy: 'Start one with `nexdev up`, or say where one is with --server.',
    cause,
  });
}

/** The server does not say why. */
function describeRefusal(places: string, options: NatsOptions | undefined, cause: Error): NexError {
  const expiry = options === undefined ? undefined : findExpiry(options);
  if (expiry !== undefined && expiry.getTime() < Date.now()) {
    const text = `NATS at ${places} refuses us: the credentials expired on ${expiry.toISOString()}.`;
    return new NexError('credentials-expired', text, {
      remedy: 'Have new ones made, as with `nsc generate creds`.',
      cause,
    });
  }
  return new NexError('nats-authorization', `NATS at ${places} refuses us: ${cause.message}`, {
    remedy:
      'Log in with --creds, --nkey, or --user and --password, or by a NATS context with --context.',
    cause,
  });
}
