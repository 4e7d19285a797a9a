import type { FunctionWorkload } from '../protocol/agentPipe.ts';
import type { Engine, EngineHost } from './engine.ts';
import { IsolateEngine } from './isolateEngine.ts';
import { SharedEngine } from './sharedEngine.ts';
import { WasmEngine } from './wasm/wasmEngine.ts';

/** The engine of a function, its program compiled. Throws what the compiler says. */
export function createEngine(workload: FunctionWorkload, host: EngineHost): Engine {
  switch (workload.type) {
    case 'v8':
      return workload.contexts === 'shared'
        ? new SharedEngine(workload, host)
        : new IsolateEngine(workload, host);
    case 'wasm':
      return new WasmEngine(workload, host);
  }
}
