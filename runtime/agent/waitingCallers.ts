import { callerOf } from './entryReports.ts';
import type { JobQueue } from './jobQueue.ts';
import type { NodePipe } from './nodePipe.ts';

/**
 * Tells the node who waits behind an invocation that takes long, each caller once: only such an invocation ends its
 * agent, and then the node answers in its place. Behind short ones nothing is told, since it would cost every message.
 */
export class WaitingCallers {
  readonly #queue: JobQueue;
  readonly #pipe: NodePipe;
  #timer: NodeJS.Timeout | undefined;
  /** Highest invocation number that the node has been told of. */
  #toldUpTo = 0;

  constructor(queue: JobQueue, pipe: NodePipe) {
    this.#queue = queue;
    this.#pipe = pipe;
  }

  /** From now on `invocation` runs, or is the last that ran; those that wait get the numbers after it, in their order. */
  began(invocation: number): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tell(invocation), longMs);
  }

  ended(): void {
    clearInterval(this.#timer);
  }

  #tell(running: number): void {
    const first = Math.max(0, this.#toldUpTo - running);
    const callers = this.#queue
      .from(first)
      .flatMap((job, index) => callerOf({ number: running + first + index + 1, job }));
    this.#toldUpTo = Math.max(this.#toldUpTo, running + this.#queue.length);
    if (callers.length > 0) this.#pipe.send({ type: 'callers', callers });
  }
}

/** Less than the watchdog lets any invocation have. */
const longMs = 100;
