import type { LogEntry, LogLevel } from '../../protocol/logs.ts';
import type { WorkloadPublisher } from '../workloadPublisher.ts';
import { OutputBudget } from './outputBudget.ts';
import { ServiceOutput } from './serviceOutput.ts';
import type { ServiceProcess } from './serviceProcess.ts';

/** Publishes what a service prints, and remembers the last of it. */
export class ServiceLog {
  readonly #publisher: WorkloadPublisher;
  readonly #budget: OutputBudget;
  readonly #outputs: ServiceOutput[];
  #tail = '';

  constructor(process: ServiceProcess, publisher: WorkloadPublisher, strict: boolean) {
    this.#publisher = publisher;
    this.#budget = new OutputBudget((bytes) =>
      this.#publish(
        'WARN',
        `${bytes} bytes of output were left out: the service prints too fast.\n`,
      ),
    );
    const options = { strict, budget: this.#budget };
    // The levels of the real node, where a line says none.
    this.#outputs = [
      new ServiceOutput(process.stdout, {
        ...options,
        publish: (level = 'INFO', text) => this.#publish(level, text),
      }),
      new ServiceOutput(process.stderr, {
        ...options,
        publish: (level, text) =>
          level === undefined
            ? this.#publish('ERROR', text, { stderr: true })
            : this.#publish(level, text),
      }),
    ];
  }

  /** The last that it printed. */
  get tail(): string {
    return this.#tail.trim();
  }

  /** Publishes what is left. */
  end(): void {
    for (const output of this.#outputs) output.end();
    this.#budget.close();
  }

  #publish(level: LogLevel, text: string, more: Pick<LogEntry, 'stderr'> = {}): void {
    this.#tail = (this.#tail + text).slice(-tailLength);
    this.#publisher.log(level, text, more);
  }
}

const tailLength = 2000;
