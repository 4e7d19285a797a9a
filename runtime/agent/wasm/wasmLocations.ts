import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { internalScheme } from '../../protocol/inspector.ts';
import type { LogSource } from '../../protocol/logs.ts';
import { readRustName } from '../../protocol/rustName.ts';
import { LineTable } from './dwarf/lineTable.ts';

/** Leads a module's frames back to the files that it was compiled from, where it brings DWARF line tables. */
export class WasmLocations {
  readonly #file: string;
  /** Read when a function first fails. */
  #lines: { readonly table: LineTable | undefined } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  ofStack(stack: string): LogSource | undefined {
    for (const [, , offset = ''] of stack.matchAll(framePattern)) {
      const at = this.#at(offset);
      // What a compiler gives relative to its own folder leads nowhere here.
      if (at === undefined || !isAbsolute(at.path)) continue;
      return { url: pathToFileURL(at.path).href, line: at.line, column: Math.max(1, at.column) };
    }
    return undefined;
  }

  mapStack(stack: string): string {
    return stack
      .split('\n')
      .filter((line) => !line.includes(internalScheme))
      .map((line) =>
        line.replace(framePattern, (frame, name: string, offset: string) => {
          const at = this.#at(offset);
          const place =
            at === undefined
              ? frame.slice(frame.indexOf('('))
              : `(${at.path}:${at.line}:${at.column})`;
          return `at ${readRustName(name)} ${place}`;
        }),
      )
      .join('\n');
  }

  #at(offset: string) {
    this.#lines ??= { table: LineTable.readFile(this.#file) };
    return this.#lines.table?.at(parseInt(offset, 16));
  }
}

/** `at name (wasm://wasm/0a1b2c3d:wasm-function[7]:0x242)`, as V8 writes frames; bounded, since a module names its functions. */
const framePattern =
  /at (\S{1,1024}) \(wasm:\/\/wasm\/[^\s()]{1,1024}:wasm-function\[\d{1,9}\]:0x([0-9a-f]{1,8})\)/g;
