import { findNewSyntax } from '../artifact/compatibility/newLanguage.ts';
import { nexSourceLimit } from '../protocol/controlApi.ts';
import { NexError } from '../protocol/nexError.ts';
import type { Mode, WorkloadType } from '../protocol/workloadTypes.ts';

/** Refuses, in mode `strict`, what a real agent refuses and ours would run (`agent/providers/lib/v8.go` Validate). */
export function refuseInStrict(mode: Mode, type: WorkloadType, bytes: Uint8Array): void {
  if (mode !== 'strict' || type !== 'v8') return;
  const fault = sizeFault(bytes.length) ?? languageFault(Buffer.from(bytes).toString('utf8'));
  if (fault === undefined) return;
  throw new NexError(
    'refused',
    `workload rejected by agent: Failed to validate workload: ${fault}`,
  );
}

const sizeFault = (size: number) =>
  size > nexSourceLimit
    ? `source file (${size} bytes) exceeds maximum of ${nexSourceLimit} bytes`
    : undefined;

function languageFault(code: string): string | undefined {
  const fault = findNewSyntax(code);
  return fault && `failed to compile source for execution: SyntaxError: ${fault.text}`;
}
