import type { Ended } from '../protocol/agentPipe.ts';

/** What a workload has done so far, over all its agents. */
export class InvocationCounts {
  invocations = 0;
  failures = 0;
  succeeded = 0;
  /** Sum over all invocations that succeeded or failed by themselves. */
  runtimeNanos = 0;

  began(): void {
    this.invocations += 1;
  }

  /** The first of them was counted when it began. */
  ended({ invocations, failures, elapsedNanos }: Ended): void {
    this.invocations += invocations - 1;
    this.failures += failures;
    this.succeeded += invocations - failures;
    this.runtimeNanos += elapsedNanos;
  }
}
