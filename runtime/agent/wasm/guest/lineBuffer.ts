/** Gathers a stream until a line is whole: programs write their errors word by word, and each piece is a way to the agent. */
export class LineBuffer {
  readonly #tell: (bytes: Uint8Array) => void;
  #pending = new Uint8Array();

  constructor(tell: (bytes: Uint8Array) => void) {
    this.#tell = tell;
  }

  write(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#pending.length + bytes.length);
    all.set(this.#pending);
    all.set(bytes, this.#pending.length);
    const whole = all.length >= longestBytes ? all.length : all.lastIndexOf(newline) + 1;
    this.#pending = all.slice(whole);
    if (whole > 0) this.#tell(all.subarray(0, whole));
  }

  flush(): void {
    if (this.#pending.length > 0) this.#tell(this.#pending);
    this.#pending = new Uint8Array();
  }
}

const newline = 10;
/** As long as a chunk of a service's output on Nex. */
const longestBytes = 32_768;
