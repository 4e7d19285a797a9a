import { createAccount, createOperator, createUser, type KeyPair } from '@nats-io/nkeys';

const encoder = new TextEncoder();
const jetStream = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
const unlimited = { subs: -1, data: -1, payload: -1, conn: -1, leaf: -1, imports: -1, exports: -1 };

/**
 * An operator with one account, as `nsc` makes them: what a server is configured with, and credentials of a user.
 *
 * @param options.expires when the credentials do, in seconds since 1970
 */
export function createNatsAccount({ expires }: { expires?: number } = {}): {
  configuration: string;
  creds: string;
} {
  const operator = createOperator();
  const account = createAccount();
  const system = createAccount();
  const user = createUser();
  const limits = { ...unlimited, ...jetStream, wildcards: true };
  const operatorJwt = signClaims(operator, operator, { type: 'operator' });
  const accountJwt = signClaims(operator, account, { type: 'account', limits });
  const systemJwt = signClaims(operator, system, { type: 'account', limits: unlimited });
  const userJwt = signClaims(
    account,
    user,
    {
      ...{ type: 'user', subs: -1, data: -1, payload: -1, pub: {}, sub: {} },
    },
    expires,
  );
  return {
    configuration:
      `operator: ${operatorJwt}\nresolver: MEMORY\nsystem_account: ${system.getPublicKey()}\n` +
      `resolver_preload: { ${account.getPublicKey()}: ${accountJwt}, ${system.getPublicKey()}: ${systemJwt} }`,
    creds:
      `-----BEGIN NATS USER JWT-----\n${userJwt}\n------END NATS USER JWT------\n\n` +
      `-----BEGIN USER NKEY SEED-----\n${seedText(user)}\n------END USER NKEY SEED------\n`,
  };
}

export const seedText = (pair: KeyPair): string => Buffer.from(pair.getSeed()).toString();

function signClaims(issuer: KeyPair, subject: KeyPair, nats: object, exp?: number): string {
  const payload = {
    jti: subject.getPublicKey(),
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    ...(exp === undefined ? {} : { exp }),
    nats: { ...nats, version: 2 },
  };
  const chunks = [{ typ: 'JWT', alg: 'ed25519-nkey' }, payload];
  const signed = chunks.map((chunk) => Buffer.from(JSON.stringify(chunk)).toString('base64url'));
  const signature = issuer.sign(encoder.encode(signed.join('.')));
  return [...signed, Buffer.from(signature).toString('base64url')].join('.');
}
