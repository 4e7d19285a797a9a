import { decodeClaims } from '../../runtime/protocol/claims.ts';
import { SigningKey } from '../../runtime/protocol/signingKey.ts';

/**
 * A recorded token as if it had been made now: one that was to become valid later is signed anew, to become so as much
 * later. Others stay as they are, down to the bit.
 */
export function postponed(token: string, issuerSeed: string): string {
  const claims = readClaims(token);
  if (claims?.nbf === undefined || claims.nbf <= claims.iat) return token;
  const iat = Math.floor(Date.now() / 1000);
  const payload = { ...claims, iat, nbf: iat + claims.nbf - claims.iat };
  const [header = ''] = token.split('.');
  const signed = `${header}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  const signature = new SigningKey(issuerSeed).sign(Buffer.from(signed));
  return `${signed}.${Buffer.from(signature).toString('base64url')}`;
}

/** Undefined for a token that is none. */
function readClaims(token: string) {
  try {
    return decodeClaims(token);
  } catch {
    return undefined;
  }
}
