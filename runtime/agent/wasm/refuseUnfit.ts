import type ivm from 'isolated-vm';
import type { Mode } from '../../protocol/workloadTypes.ts';
import type { LoadedModule } from './guest/main.ts';

/**
 * Throws why a module cannot be run. The real node notices what is missing only when a message comes, and never
 * answers it.
 */
export function refuseUnfit(loaded: ivm.Reference<LoadedModule>, mode: Mode): void {
  const fault = loaded.getSync('fault');
  if (fault !== undefined) throw new Error(`failed to compile module: ${compileFault(fault)}`);
  if (mode === 'strict') return;
  const missing = loaded.getSync('missing');
  if (missing !== undefined && missing !== '') {
    throw new Error(
      `the module imports what a node does not have: ${missing.replaceAll('\n', ', ')}. ` +
        'Build it as a command for WASI preview 1 (wasm32-wasip1, GOOS=wasip1), without JavaScript glue.',
    );
  }
  if (loaded.getSync('hasStart') !== true) {
    throw new Error(
      'the module exports no function _start. Build it as a command with a main function, not as a library.',
    );
  }
}

/** Nex's words for the commonest, V8's without its preamble for the rest. */
function compileFault(fault: string): string {
  if (fault.includes('expected magic word')) return 'invalid magic number';
  return fault.replace(/^WebAssembly\.Module\(\): /, '');
}
