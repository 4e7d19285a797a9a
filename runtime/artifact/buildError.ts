import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { NexError } from '../protocol/nexError.ts';

type Cures = Partial<Pick<BuildError, 'wanted' | 'inputs'>>;

/** A failed build, with what may cure it beside a change of the files at fault. */
export class BuildError extends NexError {
  /** Absolute paths, perhaps without their extension, of what was imported and is not there. */
  readonly wanted: readonly string[];
  /** Absolute paths of files whose change may cure it, beside those of the diagnostics. */
  readonly inputs: readonly string[];

  constructor(
    code: string,
    message: string,
    { wanted = [], inputs = [], ...options }: ConstructorParameters<typeof NexError>[2] & Cures,
  ) {
    super(code, message, options);
    this.wanted = wanted;
    this.inputs = inputs;
  }
}

/** Where an import of `specifier` in `file` would be looked for. */
export function whereWanted(specifier: string, file: string): string[] {
  const isPath = specifier.startsWith('.') || isAbsolute(specifier);
  if (isPath) return [resolve(dirname(file), specifier)];
  return ancestors(file)
    .filter((folder) =>
      ['node_modules', 'package.json'].some((name) => existsSync(join(folder, name))),
    )
    .map((folder) => join(folder, 'node_modules', specifier));
}

/** The folder that exists, and in which something appears on the way to `path`. */
export const nearestFolder = (path: string): string =>
  [path, ...ancestors(path)].find((folder) => existsSync(folder)) ?? dirname(path);

function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...ancestors(parent)];
}
