import type { WarningCode } from '../../protocol/warnings.ts';

/** A warning to be, and where in the script its reason stands. */
export interface Finding {
  readonly code: WarningCode;
  readonly detail: string;
  readonly offset: number;
}
