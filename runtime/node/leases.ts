import { leaseMs } from '../protocol/devApi.ts';

/** Who holds this node. When a node that lives by leases has had no holder for `leaseMs`, it is time to end. */
export class Leases {
  readonly #until = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #unheldSince: number;
  #lookedAt: number;
  #lostAt: number | undefined;

  /** `onAbandoned` is called once at most. */
  constructor(onAbandoned: (() => void) | undefined) {
    this.#unheldSince = Date.now();
    this.#lookedAt = this.#unheldSince;
    this.#timer = setInterval(() => {
      this.#passOverSleep();
      if (onAbandoned !== undefined && this.#isAbandoned()) {
        this.dispose();
        onAbandoned();
      }
    }, lookMs);
  }

  renew(holder: string): void {
    this.#until.set(holder, Date.now() + leaseMs);
  }

  release(holder: string): void {
    this.#until.delete(holder);
    this.#unheldSince = Date.now();
  }

  get holders(): string[] {
    this.#expire();
    return [...this.#until.keys()];
  }

  /** Nobody can renew from here until `regain`. */
  lose(): void {
    this.#lostAt ??= Date.now();
  }

  regain(): void {
    if (this.#lostAt !== undefined) this.#passOver(Date.now() - this.#lostAt);
    this.#lostAt = undefined;
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  /** While this computer slept, nobody could renew: that time does not count. */
  #passOverSleep(): void {
    const now = Date.now();
    const slept = now - this.#lookedAt - lookMs;
    this.#lookedAt = now;
    if (slept >= leastSleepMs) this.#passOver(slept);
  }

  #passOver(ms: number): void {
    this.#unheldSince += ms;
    for (const [holder, until] of this.#until) this.#until.set(holder, until + ms);
  }

  #isAbandoned(): boolean {
    if (this.#lostAt !== undefined) return Date.now() - this.#lostAt >= longestLossMs;
    this.#expire();
    return this.#until.size === 0 && Date.now() - this.#unheldSince >= leaseMs;
  }

  /** A holder that has not renewed was gone when its lease ran out, which already is `leaseMs` of waiting. */
  #expire(): void {
    const now = Date.now();
    for (const [holder, until] of this.#until) {
      if (until > now) continue;
      this.#until.delete(holder);
      this.#unheldSince = Math.max(this.#unheldSince, until - leaseMs);
    }
  }
}

/** A NATS that is away for longer is taken to have gone for good, and everybody with it. */
const longestLossMs = 600_000;
const lookMs = 500;
/** What a busy computer may make a look late by. */
const leastSleepMs = 2000;
