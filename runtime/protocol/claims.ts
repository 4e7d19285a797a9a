import { createHash } from 'node:crypto';
import { z } from 'zod';
import { encodeBase32 } from './base32.ts';
import { decodeGoBase64 } from './goBase64.ts';
import { decodeGoJson, goAny, goInt64, goString, goStruct, type GoStruct } from './goJson.ts';
import { NexError } from './nexError.ts';
import { isSignedBy, type SigningKey } from './signingKey.ts';

/**
 * What a Nex request is signed with: a NATS JWT (v2) with generic claims. `iat`, `exp` and `nbf` are Unix seconds.
 * Source: `control-api/run.go` CreateWorkloadJWT and Validate, `control-api/stop.go`.
 */
const claimsSchema = z.object({
  jti: z.string().default(''),
  iat: z.number().default(0),
  iss: z.string().default(''),
  sub: z.string().default(''),
  exp: z.number().optional(),
  nbf: z.number().optional(),
  nats: z.record(z.string(), z.unknown()).default({}),
});
export type Claims = z.infer<typeof claimsSchema>;

export interface NewClaims {
  subject: string;
  /** Unix seconds. */
  issuedAt: number;
  /** Members of `nats` beside `version`. */
  data?: Record<string, string>;
  /** Given where two claims of one second must differ; else what the Go library makes of the standard claims. */
  id?: string;
}

const headerText = '{"typ":"JWT","alg":"ed25519-nkey"}';
const headerSchema = z.object({ typ: z.string().default(''), alg: z.string().default('') });
const goHeader = goStruct('jwt.Header', { typ: goString, alg: goString });
const standardClaims = {
  ...{ aud: goString, exp: goInt64, jti: goString, iat: goInt64 },
  ...{ iss: goString, name: goString, nbf: goInt64, sub: goString },
};
/** Generic claims embed the standard ones, which Go's errors say. */
const goClaims: GoStruct = {
  kind: 'struct',
  name: 'struct { jwt.GenericClaims; jwt.GenericFields }',
  shortName: '',
  members: {
    ...standardClaims,
    nats: { kind: 'map', name: 'map[string]interface {}', of: goAny },
  },
  paths: {
    ...Object.fromEntries(
      Object.keys(standardClaims).map((name) => [name, `GenericClaims.ClaimsData.${name}`]),
    ),
    nats: 'GenericClaims.nats',
  },
};
const workloadName = /^[a-zA-Z0-9_-]+$/;

/** Signs claims as Nex's own client does, down to the order of members. */
export function encodeClaims(issuer: SigningKey, claims: NewClaims): string {
  const standard = { iat: claims.issuedAt, iss: issuer.publicKey, sub: claims.subject };
  const payload = {
    jti: claims.id ?? hashStandardClaims(standard),
    ...standard,
    nats: { ...claims.data, version: 2 },
  };
  const signed = `${toBase64Url(headerText)}.${toBase64Url(JSON.stringify(payload))}`;
  const signature = issuer.sign(Buffer.from(signed));
  return `${signed}.${Buffer.from(signature).toString('base64url')}`;
}

/**
 * Decodes a token and verifies its signature with the key in `iss`; whether that key may do anything is the caller's
 * question. Errors have the texts of Go's library.
 */
export function decodeClaims(token: string): Claims {
  const chunks = token.split('.');
  const [header, payload, signature] = chunks;
  if (chunks.length !== 3 || header === undefined || payload === undefined) {
    throw invalid('expected 3 chunks');
  }
  const algorithm = readAlgorithm(header);
  const claims = parsePayload(payload);
  // The old header signs the payload chunk alone.
  const [version, signed] =
    algorithm === 'ed25519'
      ? (['V1', payload] as const)
      : (['V2', `${header}.${payload}`] as const);
  if (!isSignedBy(claims.iss, Buffer.from(signed), decodeGoBase64(signature ?? '', 'rawUrl'))) {
    throw invalid(`claim failed ${version} signature verification`);
  }
  return claims;
}

/** The checks of a deploy request's `workload_jwt`, in Nex's order. `requestHash` is the request's `hash`. */
export function verifyDeployClaims(token: string, requestHash: string | null | undefined): Claims {
  const claims = decodeWorkloadClaims(token);
  const { name, hash } = claims.nats;
  if (typeof name !== 'string' || !workloadName.test(name)) throw invalid('invalid workload name');
  if (typeof requestHash === 'string' && requestHash !== hash) {
    throw invalid('artifact hash claim does not match request');
  }
  if (!isTimely(claims)) throw invalid('standard claims within JWT are not valid');
  return claims;
}

/** The checks of a stop request's `workload_jwt` against the claims that the workload was deployed with. */
export function verifyStopClaims(token: string, deployed: Claims): Claims {
  const claims = decodeWorkloadClaims(token);
  if (claims.jti === deployed.jti || claims.iat === deployed.iat) {
    throw invalid(
      'stop claims appear to be cloned or captured from the original start claims. Rejecting for security reasons',
    );
  }
  if (claims.iss !== deployed.iss) {
    throw invalid(
      'the only entity allowed to terminate a workload is the issuer that originally started it',
    );
  }
  return claims;
}

function decodeWorkloadClaims(token: string): Claims {
  try {
    return decodeClaims(token);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(`could not decode workload JWT: ${reason}`, error);
  }
}

function readAlgorithm(header: string): string {
  const { typ, alg } = headerSchema.parse(decodeChunk(header, goHeader));
  if (typ.toLowerCase() !== 'jwt') throw invalid(`not supported type ${JSON.stringify(typ)}`);
  const algorithm = alg.toLowerCase();
  if (algorithm !== 'ed25519' && algorithm !== 'ed25519-nkey') {
    throw invalid(`unexpected ${JSON.stringify(alg)} algorithm`);
  }
  return algorithm;
}

function parsePayload(payload: string): Claims {
  return claimsSchema.parse(decodeChunk(payload, goClaims));
}

const decodeChunk = (chunk: string, type: GoStruct): unknown =>
  decodeGoJson(Buffer.from(decodeGoBase64(chunk, 'rawUrl')).toString(), type) ?? {};

function isTimely(claims: Claims): boolean {
  const now = Math.floor(Date.now() / 1000);
  const expired = claims.exp !== undefined && claims.exp > 0 && now > claims.exp;
  const early = claims.nbf !== undefined && claims.nbf > 0 && claims.nbf > now;
  return !expired && !early;
}

/** Base32 without padding of SHA-512/256 over the standard claims, as the Go library names a token. */
function hashStandardClaims(standard: { iat: number; iss: string; sub: string }): string {
  return encodeBase32(createHash('sha512-256').update(JSON.stringify(standard)).digest());
}

const toBase64Url = (text: string) => Buffer.from(text).toString('base64url');

const invalid = (text: string, cause?: unknown) => new NexError('invalid-claims', text, { cause });
