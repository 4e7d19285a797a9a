import type { JobQueue } from './jobQueue.ts';
import type { WorkloadPublisher } from './workloadPublisher.ts';

/** Time in ms that the real node waits for its agent's answer to a trigger message (`internal/agent-api/client.go`). */
const agentAnswerMs = 10_000;

/**
 * How a failure looks on the real node, for `strict`: nobody is answered. The node waits for its agent, which says
 * nothing, and takes no other message of that trigger subject meanwhile; then it tells of a time-out.
 */
export class Silence {
  readonly #publisher: WorkloadPublisher;
  readonly #queue: JobQueue;
  readonly #over: () => void;

  /** `over` is called when messages of a subject may run again. */
  constructor(publisher: WorkloadPublisher, queue: JobQueue, over: () => void) {
    this.#publisher = publisher;
    this.#queue = queue;
    this.#over = over;
  }

  /** `spentMs` is what of the node's patience the invocation itself has taken. */
  keep(trigger: string, spentMs: number): void {
    this.#queue.hold(trigger);
    const end = () => {
      this.#publisher.failed(trigger, 'nats: timeout');
      this.#queue.release(trigger);
      this.#over();
    };
    setTimeout(end, Math.max(0, agentAnswerMs - spentMs));
  }
}
