import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { LogLevel } from '../../protocol/logs.ts';
import { levelOfLine } from './outputLevel.ts';
import type { OutputBudget } from './outputBudget.ts';

export interface OutputOptions {
  /** As on the real node: no line is asked for its level. */
  readonly strict: boolean;
  readonly budget: OutputBudget;
  /** `level` is what the lines say themselves. */
  readonly publish: (level: LogLevel | undefined, text: string) => void;
}

/**
 * Makes log entries of one output of a service: whole lines, several to an entry where they came together and have one
 * level, 32 KiB at most as on Nex. What stays without a line feed for a moment is published as it is.
 */
export class ServiceOutput {
  readonly #options: OutputOptions;
  readonly #decoder = new StringDecoder('utf8');
  #partial = '';
  #partialTimer: NodeJS.Timeout | undefined;

  constructor(stream: Readable, options: OutputOptions) {
    this.#options = options;
    stream.on('data', (data: Buffer) => this.#write(data));
  }

  /** Publishes what is left. */
  end(): void {
    clearTimeout(this.#partialTimer);
    this.#publish(this.#partial + this.#decoder.end());
    this.#partial = '';
  }

  #write(data: Buffer): void {
    if (!this.#options.budget.take(data.length)) {
      this.end();
      return;
    }
    const text = this.#partial + this.#decoder.write(data);
    const whole = text.lastIndexOf('\n') + 1 || (text.length > longestEntry ? text.length : 0);
    this.#publish(text.slice(0, whole));
    this.#partial = text.slice(whole);
    clearTimeout(this.#partialTimer);
    if (this.#partial !== '') this.#partialTimer = setTimeout(() => this.end(), partialMs);
  }

  #publish(text: string): void {
    let level: LogLevel | undefined;
    let run = '';
    const publishRun = () => {
      for (let from = 0; from < run.length; from += longestEntry) {
        this.#options.publish(level, run.slice(from, from + longestEntry));
      }
      run = '';
    };
    for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      const own = this.#levelOf(line);
      if (own !== level || run.length + line.length > longestEntry) publishRun();
      level = own;
      run += line;
    }
    publishRun();
  }

  #levelOf(line: string): LogLevel | undefined {
    return this.#options.strict ? undefined : levelOfLine(line);
  }
}

/** UTF-16 units; Nex's chunks have 32 KiB. */
const longestEntry = 32 * 1024;
const partialMs = 200;
