import type { Contexts, Mode } from '../../protocol/workloadTypes.ts';

/** What the guest has to know of its workload. */
export interface GuestSettings {
  readonly mode: Mode;
  readonly contexts: Contexts;
  /** The web APIs that the function can reach. */
  readonly webApis: readonly string[];
}
