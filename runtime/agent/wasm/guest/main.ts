/**
 * What runs inside the isolate around a WebAssembly function. Built into one script, run once per isolate: a program
 * cannot reach the context's globals, so all its instances share one. It knows nothing of Node.
 */
import { extensionNames, type WasiExtension } from './wasiExtension.ts';
import { createRunEach, type RunEach } from './runEach.ts';
import { createRunner } from './run.ts';
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
  /** It imports functions that `extend` has to bring. */
  readonly needsMore?: boolean;
  readonly hasStart?: boolean;
  readonly runEach?: RunEach;
  readonly extend?: (extension: WasiExtension) => void;
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
  const { run, own, extend } = createRunner(module, { stderr, random }, settings);
  const imported = WebAssembly.Module.imports(module).map(({ module: from, name, kind }) => ({
    name,
    isWasi: from === 'wasi_snapshot_preview1' && kind === 'function',
    text: `${from}.${name}`,
  }));
  const isOwn = ({ name, isWasi }: Imported) => isWasi && own.includes(name);
  const isExtension = ({ name, isWasi }: Imported) => isWasi && extensionNames.includes(name);
  return {
    missing: imported
      .filter((each) => !isOwn(each) && !isExtension(each))
      .map(({ text }) => text)
      .join('\n'),
    needsMore: imported.some(isExtension),
    hasStart: exportsStart(module),
    runEach: createRunEach(run),
    extend,
  };
};

interface Imported {
  readonly name: string;
  readonly isWasi: boolean;
}

const exportsStart = (module: WebAssembly.Module) =>
  WebAssembly.Module.exports(module).some(
    ({ name, kind }) => name === '_start' && kind === 'function',
  );

(globalThis as { nexdevWasm?: LoadModule }).nexdevWasm = load;
