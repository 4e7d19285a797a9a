import { createHash } from 'node:crypto';
import type { SigningKey } from '../../../runtime/protocol/signingKey.ts';
import type { ClaimsRecipe } from './recipes.ts';

type Signers = Readonly<Record<ClaimsRecipe['signer'], SigningKey>>;

/** Makes the tokens that requests are signed with, and those of somebody who wants to be let in. */
export class ClaimsForge {
  readonly #signers: Signers;
  #last = '';
  #count = 0;

  constructor(signers: Signers) {
    this.#signers = signers;
  }

  /** Right for `subject` and `nats` but for what the recipe changes; undefined: no token at all. */
  make(recipe: ClaimsRecipe, subject: string, nats: Record<string, unknown>): string | undefined {
    if (recipe.damage === 'missing') return undefined;
    if (recipe.damage === 'text') return recipe.text;
    if (recipe.damage === 'replayed' && this.#last !== '') return this.#last;
    const payload = this.#payload(recipe, subject, nats);
    const token = this.#damage(recipe, this.#sign(recipe, payload));
    if (recipe.damage === 'none') this.#last = token;
    return token;
  }

  #payload(
    { signer, issued, expires, notBefore, odd }: ClaimsRecipe,
    sub: string,
    nats: Record<string, unknown>,
  ): object {
    const now = evenSecond();
    return {
      jti: `fuzz-${(this.#count += 1)}`,
      iat: now + issued,
      iss: this.#signers[signer].publicKey,
      sub,
      ...(expires === undefined ? {} : { exp: now + expires }),
      ...(notBefore === undefined ? {} : { nbf: now + notBefore }),
      nats: { ...nats, ...('name' in odd ? { name: odd['name'] } : {}), version: 2 },
      ...odd,
    };
  }

  #sign({ signer, damage }: ClaimsRecipe, payload: object): string {
    const alg = damage === 'algorithm' ? 'none' : 'ed25519-nkey';
    const signed = `${encode({ typ: 'JWT', alg })}.${encode(payload)}`;
    const signature = this.#signers[signer].sign(Buffer.from(signed));
    return `${signed}.${Buffer.from(signature).toString('base64url')}`;
  }

  #damage({ damage }: ClaimsRecipe, token: string): string {
    const [header = '', payload = '', signature = ''] = token.split('.');
    switch (damage) {
      case 'payload':
        return `${header}.${encode({ iss: this.#signers.owner.publicKey, nats: {} })}.${signature}`;
      case 'signature':
        return `${header}.${payload}.${'A'.repeat(signature.length)}`;
      case 'cut':
        return token.slice(0, token.length / 2);
      default:
        return token;
    }
  }
}

export const bodyHash = (body: Uint8Array) => createHash('sha256').update(body).digest('hex');

/** So that a workload that was deployed can be stopped at once. */
const evenSecond = () => Math.floor(Date.now() / 2000) * 2;

/** Lone surrogates and all. */
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
