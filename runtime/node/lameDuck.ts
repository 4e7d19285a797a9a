import { lameDuckTag, type LameDuckResponse } from '../protocol/controlApi.ts';
import { NexError } from '../protocol/nexError.ts';
import { nexVersion, type NodeIdentity } from './nodeIdentity.ts';
import type { NodePublisher } from './nodePublisher.ts';
import type { WorkloadLifecycle } from './workloadLifecycle.ts';

/**
 * Whether the node takes new workloads. Once it does not, it ends with the last that runs if its own user asked for
 * that; a real node (`internal/node/node.go` EnterLameDuck) would stay, with nothing to do for ever, and so does this
 * one for anybody else, since the request needs no signature.
 */
export class LameDuck {
  readonly #identity: NodeIdentity;
  readonly #lifecycle: WorkloadLifecycle;
  readonly #publisher: NodePublisher;
  readonly #onEmpty: () => void;
  #empty: Promise<void> | undefined;

  constructor(
    identity: NodeIdentity,
    lifecycle: WorkloadLifecycle,
    publisher: NodePublisher,
    onEmpty: () => void,
  ) {
    this.#identity = identity;
    this.#lifecycle = lifecycle;
    this.#publisher = publisher;
    this.#onEmpty = onEmpty;
  }

  get entered(): boolean {
    return this.#empty !== undefined;
  }

  /** The node's tags, with the one that tells a lame duck. */
  get tags(): Readonly<Record<string, string>> {
    const { tags } = this.#identity;
    return this.entered ? { ...tags, [lameDuckTag]: 'true' } : tags;
  }

  /** Answers success again when asked again. With `ends`, the node ends once nothing runs on it. */
  enter({ ends }: { ends: boolean }): LameDuckResponse {
    const { id } = this.#identity;
    if (this.#empty === undefined) {
      this.#empty = this.#lifecycle.drain();
      this.#publisher.nodeEvent('node_entered_lameduck', { version: nexVersion, id });
    }
    if (ends) void this.#empty.then(this.#onEmpty);
    return { node_id: id, success: true };
  }

  refuse(): void {
    if (!this.entered) return;
    throw new NexError('refused', 'Node is in lame duck mode. Workload deploy request denied');
  }
}
