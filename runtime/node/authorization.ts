import { createHash } from 'node:crypto';
import type { ServiceMsg } from '@nats-io/services';
import { decodeClaims } from '../protocol/claims.ts';
import { authorizationHeader, authorizationMs } from '../protocol/devApi.ts';
import { NexError, errorText } from '../protocol/nexError.ts';

/** Lets a dev API request pass when an accepted issuer signed exactly this one, just now, and for the first time. */
export class Authorization {
  readonly #isAcceptedIssuer: (issuer: string) => boolean;
  /** Token ids seen, with the time in ms at which they can be forgotten. */
  readonly #seen = new Map<string, number>();

  constructor(isAcceptedIssuer: (issuer: string) => boolean) {
    this.#isAcceptedIssuer = isAcceptedIssuer;
  }

  check(message: ServiceMsg): void {
    const token = message.headers?.get(authorizationHeader) ?? '';
    if (token === '') throw refused('it is not signed');
    const claims = decode(token);
    const body = createHash('sha256').update(message.data).digest('hex');
    if (!this.#isAcceptedIssuer(claims.iss)) throw refused(`issuer ${claims.iss} is not accepted`);
    if (claims.sub !== message.subject || claims.nats['body'] !== body) {
      throw refused('its signature is for another request');
    }
    const now = Date.now();
    if (Math.abs(now - claims.iat * 1000) > authorizationMs) throw refused('its signature is old');
    this.#forgetOld(now);
    if (claims.jti === '' || this.#seen.has(claims.jti)) throw refused('it was sent before');
    this.#seen.set(claims.jti, now + 2 * authorizationMs);
  }

  #forgetOld(now: number): void {
    for (const [id, until] of this.#seen) {
      if (until > now) return;
      this.#seen.delete(id);
    }
  }
}

function decode(token: string) {
  try {
    return decodeClaims(token);
  } catch (error) {
    throw refused(errorText(error));
  }
}

const refused = (why: string) =>
  new NexError('not-authorized', `This node does not accept the request: ${why}.`, {
    remedy: 'Sign with the issuer key of the user who started the node (~/.nex/issuer.nk).',
  });
