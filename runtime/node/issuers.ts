/** Whose requests a node takes: those of its own user, and of the issuers whom this user has named. */
export class Issuers {
  readonly #own: string;
  readonly #others: ReadonlySet<string>;

  /** @param own public key of this user's issuer, `A…` */
  constructor(own: string, others: readonly string[]) {
    this.#own = own;
    this.#others = new Set(others);
  }

  accepts(issuer: string): boolean {
    return this.owns(issuer) || this.#others.has(issuer);
  }

  owns(issuer: string): boolean {
    return issuer === this.#own;
  }
}
