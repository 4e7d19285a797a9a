/**
 * What runs inside the isolate around a WebAssembly function. Built into one script, run once per isolate: a program
 * cannot reach the context's globals, so all its instances share one. It knows nothing of Node.
 */
import { createRun, type Run } from './run.ts';
import type { WasmHost, WasmSettings } from './wasmHost.ts';

export type LoadModule = (
  bytes: Uint8Array,
  settings: WasmSettings,
  stderr: WasmHost['stderr'],
  random: WasmHost['random'],
) => LoadedModule;

/** Read by the agent property by property. */
export interface LoadedModule {
  /** Why it is no module; then there is nothing else. */
  readonly fault?: string;
  /** What it imports and nobody has (`module.name`), one a line. */
  readonly missing?: string;
  readonly hasStart?: boolean;
  readonly run?: Run;
}

/** V8's default of ten frames ends in the program's own panic handler. */
const stackFrames = 50;

const load: LoadModule = (bytes, settings, stderr, random) => {
  Error.stackTraceLimit = stackFrames;
  let module: WebAssembly.Module;
  try {
    module = new WebAssembly.Module(bytes);
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
  const { run, imports } = createRun(module, { stderr, random }, settings);
  const missing = WebAssembly.Module.imports(module)
    .filter(
      ({ module: from, name, kind }) => kind !== 'function' || !(name in (imports[from] ?? {})),
    )
    .map(({ module: from, name }) => `${from}.${name}`);
  const hasStart = WebAssembly.Module.exports(module).some(
    ({ name, kind }) => name === '_start' && kind === 'function',
  );
  return { missing: missing.join('\n'), hasStart, run };
};

(globalThis as { nexdevWasm?: LoadModule }).nexdevWasm = load;
