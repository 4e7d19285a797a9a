/**
 * `@wasmer/wasi`, for modules that import functions we have none of our own for. Built into a script of its own, which only
 * such a module loads, in a context that no debugger sees: the package is a WebAssembly module itself.
 */
import './globals.ts';
import { init, WASI } from '@wasmer/wasi';
import type { CreateFurther, FurtherFunctions } from '../furtherFunctions.ts';

async function start(): Promise<CreateFurther> {
  await init();
  return (module) => {
    const wasi = new WASI({});
    const imports = wasi.getImports(module) as Record<string, FurtherFunctions['functions']>;
    return {
      functions: imports['wasi_snapshot_preview1'] ?? {},
      attach: (instance) => {
        // It was made in another context, and the package asks by `instanceof`.
        Object.setPrototypeOf(instance, WebAssembly.Instance.prototype);
        wasi.instantiate(instance);
      },
      free: () => wasi.free(),
    };
  };
}

(globalThis as { nexdevWasmer?: typeof start }).nexdevWasmer = start;
