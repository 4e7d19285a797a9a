import type { LogLevel } from '../../protocol/logs.ts';
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
    const publish = (level: LogLevel, text: string) => this.#publish(level, text);
    this.#budget = new OutputBudget((bytes) =>
      publish('WARN', `${bytes} bytes of output were left out: the service prints too fast.\n`),
    );
    const options = { strict, budget: this.#budget, publish };
    // The levels of the real node.
    this.#outputs = [
      new ServiceOutput(process.stdout, { ...options, level: 'INFO' }),
      new ServiceOutput(process.stderr, { ...options, level: 'ERROR' }),
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

  #publish(level: LogLevel, text: string): void {
    this.#tail = (this.#tail + text).slice(-tailLength);
    this.#publisher.log(level, text);
  }
}

const tailLength = 2000;
