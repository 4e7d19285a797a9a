import type { LogEntry } from '../protocol/logs.ts';
import { createWarning, type WarningCode } from '../protocol/warnings.ts';
import type { Locations } from './locations.ts';
import type { WorkloadPublisher } from './workloadPublisher.ts';

/**
 * What only a run shows of a function that would fare otherwise on a real node. Each is said once per workload, and not
 * at all where the deploy has said it.
 */
export class CompatibilityWarnings {
  readonly #publisher: WorkloadPublisher;
  readonly #locations: Locations;
  readonly #told: Set<string>;

  constructor(publisher: WorkloadPublisher, locations: Locations, toldAtDeploy: readonly string[]) {
    this.#publisher = publisher;
    this.#locations = locations;
    this.#told = new Set(toldAtDeploy);
  }

  /** Returns what was logged, if anything. `detail` is what the text is about, `stack` leads to its source line. */
  give(
    code: WarningCode,
    { detail = '', stack }: { detail?: string; stack?: string | undefined },
    tag: Pick<LogEntry, 'invocation'>,
  ): LogEntry | undefined {
    const key = `${code} ${detail}`;
    if (this.#told.has(code) || this.#told.has(key)) return undefined;
    this.#told.add(key);
    const place = stack === undefined ? undefined : this.#locations.ofStack(stack);
    const { text, source } = createWarning(code, detail, place);
    return this.#publisher.log('WARN', text, {
      ...tag,
      code,
      ...(source === undefined ? {} : { source }),
    });
  }
}
