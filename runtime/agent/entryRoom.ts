import type { Mode } from '../protocol/workloadTypes.ts';
import type { EngineHost } from './engine.ts';

/**
 * How many messages the next entry may take: twice as many after each that went well, one after each that did not. With
 * a debugger each goes alone, and in strict too, where a failure holds back what comes behind it.
 */
export class EntryRoom {
  readonly #host: EngineHost;
  readonly #mode: Mode;
  #size = 1;

  constructor(host: EngineHost, mode: Mode) {
    this.#host = host;
    this.#mode = mode;
  }

  get size(): number {
    return this.#host.debuggerAttached || this.#mode === 'strict' ? 1 : this.#size;
  }

  grow(): void {
    this.#size = Math.min(this.#size * 2, mostMessages);
  }

  shrink(): void {
    this.#size = 1;
  }
}

/** More would gain little, and their callers wait for one another. */
const mostMessages = 32;
