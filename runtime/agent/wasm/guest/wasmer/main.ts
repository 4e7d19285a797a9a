/**
 * `@wasmer/wasi`, for modules that import functions we have none of our own for. Built into a script of its own, which only
 * such a module loads, in a context that no debugger sees: the package is a WebAssembly module itself.
 */
import './globals.ts';
import { init, WASI } from '@wasmer/wasi';
import { withoutFiles, type WasiExtension } from '../wasiExtension.ts';
import type { WasiFunctions } from '../wasiFunctions.ts';

async function start(): Promise<WasiExtension> {
  await init();
  return (module, own) => {
    adopt(module);
    const wasi = new WASI({});
    const free = () => wasi.free();
    try {
      const { wasi_snapshot_preview1: theirs = {} } = wasi.getImports(module) as Imports;
      const instance = new WebAssembly.Instance(module, {
        wasi_snapshot_preview1: { ...withoutFiles(theirs), ...own },
      });
      wasi.instantiate(instance);
      return { instance, free };
    } catch (error) {
      free();
      throw error;
    }
  };
}

interface Imports {
  readonly wasi_snapshot_preview1?: WasiFunctions;
}

/** A module of another context is an instance of that one's class only, and the package asks by `instanceof`. */
function adopt(module: WebAssembly.Module): void {
  Object.setPrototypeOf(module, WebAssembly.Module.prototype);
}

(globalThis as { nexdevWasmer?: typeof start }).nexdevWasmer = start;
