import { createHash } from 'node:crypto';
import type { Msg } from '@nats-io/transport-node';
import { decodeClaims } from '../protocol/claims.ts';
import { authorizationHeader, authorizationMs } from '../protocol/devApi.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import type { Issuers } from './issuers.ts';

/** Who signed a request. */
export interface Asker {
  readonly issuer: string;
  /** The user who started this node, who may do all on it; anybody else only what concerns their own workloads. */
  readonly isOwner: boolean;
}

/** Lets a request pass when an accepted issuer signed exactly this one, just now, and for the first time. */
export class Authorization {
  readonly #issuers: Issuers;
  /** Token ids seen, with the time in ms at which they can be forgotten. */
  readonly #seen = new Map<string, number>();

  constructor(issuers: Issuers) {
    this.#issuers = issuers;
  }

  check(message: Pick<Msg, 'subject' | 'data' | 'headers'>): Asker {
    const token = message.headers?.get(authorizationHeader) ?? '';
    if (token === '') throw refused('it is not signed');
    const { iss: issuer, iat, jti, sub, nats } = decode(token);
    const body = createHash('sha256').update(message.data).digest('hex');
    if (!this.#issuers.accepts(issuer)) {
      throw refused(`issuer ${issuer} is not accepted`, `nexdev up --allow-issuer ${issuer}`);
    }
    if (sub !== message.subject || nats['body'] !== body) {
      throw refused('its signature is for another request');
    }
    const now = Date.now();
    refuseStale(iat * 1000 - now);
    this.#refuseSeen(jti, now);
    return { issuer, isOwner: this.#issuers.owns(issuer) };
  }

  /** Whether this node's own user sent it; who else did, or whether it is signed at all, is no matter. */
  isOwners(message: Pick<Msg, 'subject' | 'data' | 'headers'>): boolean {
    try {
      return this.check(message).isOwner;
    } catch {
      // It is somebody else's, then.
      return false;
    }
  }

  #refuseSeen(id: string, now: number): void {
    this.#forgetOld(now);
    if (id === '' || id.length > longestId || this.#seen.has(id))
      throw refused('it was sent before');
    if (this.#seen.size >= mostIds) throw refused('too many came in the last two minutes');
    // One from a clock that is ahead stays good that much longer.
    this.#seen.set(id, now + 2 * authorizationMs);
  }

  #forgetOld(now: number): void {
    for (const [id, until] of this.#seen) {
      if (until > now) return;
      this.#seen.delete(id);
    }
  }
}

const longestId = 100;
/** Some 20 MB of memory. */
const mostIds = 100_000;

function decode(token: string) {
  try {
    return decodeClaims(token);
  } catch (error) {
    throw refused(errorText(error));
  }
}

function refuseStale(aheadMs: number): void {
  if (Math.abs(aheadMs) <= authorizationMs) return;
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const how = aheadMs > 0 ? `${seconds} s ahead of` : `${seconds} s behind`;
  throw new NexError(
    'not-authorized',
    `This node does not accept the request: it was signed ${how} the node’s clock; ${authorizationMs / 1000} s are allowed.`,
    { remedy: 'Set the clocks of both computers right, and send it anew.' },
  );
}

const refused = (why: string, allow = 'nexdev up --allow-issuer') =>
  new NexError('not-authorized', `This node does not accept the request: ${why}.`, {
    remedy: `Sign with the issuer key of the user who started the node (~/.nex/issuer.nk), or let that user allow yours: ${allow}.`,
  });
