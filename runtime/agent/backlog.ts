import type { Job } from './invocation.ts';
import type { NodePipe } from './nodePipe.ts';

/**
 * Weighs the messages that wait, so that the node does not take a flood for a function that eats memory. Told in large
 * steps, and once when all is done: a send per message would cost every message.
 */
export class Backlog {
  readonly #pipe: NodePipe;
  #bytes = 0;
  #told = 0;

  constructor(pipe: NodePipe) {
    this.#pipe = pipe;
  }

  added({ payload }: Job): void {
    this.#bytes += payload.length + overheadBytes;
    if (this.#bytes >= this.#told + stepBytes) this.#tell();
  }

  taken({ payload }: Job): void {
    this.#bytes -= payload.length + overheadBytes;
    if (this.#bytes === 0 && this.#told > 0) this.#tell();
  }

  #tell(): void {
    this.#told = this.#bytes;
    this.#pipe.send({ type: 'backlog', bytes: this.#bytes });
  }
}

/** What a message of no length costs while it waits, with what the client holds of it: 620 bytes measured. */
const overheadBytes = 1000;
const stepBytes = 8 * 1024 * 1024;
