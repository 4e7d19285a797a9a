import type { Caller, FromAgent } from '../protocol/agentPipe.ts';
import type { InvocationErrorKind } from '../protocol/serviceErrors.ts';

type Begin = Extract<FromAgent, { type: 'begin' }>;

export interface LostInvocation {
  readonly invocation: number;
  readonly trigger: string | undefined;
  readonly reply: string | undefined;
  readonly kind: InvocationErrorKind;
  readonly text: string;
}

/** What one agent has in hand, as far as its node knows: whom to answer if it dies. */
export class OpenInvocations {
  readonly #waiting = new Map<number, Caller>();
  #running: Begin | undefined;

  get running(): Begin | undefined {
    return this.#running;
  }

  /** How many are known to wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  began(begin: Begin): void {
    this.#running = begin;
    this.#waiting.delete(begin.invocation);
    this.wait(begin.behind ?? []);
  }

  /** The running one has ended, and with it those that its entry ran after it. */
  ended(invocations: number): void {
    const first = this.#running?.invocation ?? 0;
    for (let each = first + 1; each < first + invocations; each += 1) this.#waiting.delete(each);
    this.#running = undefined;
  }

  wait(callers: readonly Caller[]): void {
    for (const caller of callers) this.#waiting.set(caller.invocation, caller);
  }

  /** The agent has answered those itself who waited behind `invocation`. */
  refused(invocation: number): void {
    for (const each of this.#waiting.keys()) if (each > invocation) this.#waiting.delete(each);
  }

  /** All that the agent leaves unanswered; forgets it. */
  takeLost(kind: InvocationErrorKind, reason: string): LostInvocation[] {
    const running = this.#running;
    const waiting = [...this.#waiting.values()];
    this.#running = undefined;
    this.#waiting.clear();
    const text = `the message waited for an agent that is gone: ${reason}`;
    const lost = waiting.map((caller): LostInvocation => ({ ...caller, kind: 'agentDied', text }));
    if (running === undefined) return lost;
    const { invocation, trigger, reply } = running;
    return [{ invocation, trigger, reply, kind, text: reason }, ...lost];
  }
}
