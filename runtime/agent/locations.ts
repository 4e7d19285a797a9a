import type { FunctionWorkload } from '../protocol/agentPipe.ts';
import type { LogSource } from '../protocol/logs.ts';
import { SourceLocations } from './sourceLocations.ts';
import { WasmLocations } from './wasm/wasmLocations.ts';

/** Leads from where a function runs to where it was written. */
export interface Locations {
  /** Where in the user's code a stack's innermost user frame is. */
  ofStack(stack: string): LogSource | undefined;
  /** The stack in the user's places and names, without our own frames. */
  mapStack(stack: string): string;
}

export const createLocations = (workload: FunctionWorkload): Locations =>
  workload.type === 'v8' ? new SourceLocations(workload) : new WasmLocations(workload.file);
