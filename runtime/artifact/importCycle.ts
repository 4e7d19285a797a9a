import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Metafile } from 'esbuild';
import type { SourceRecord } from '../protocol/sources.ts';
import { createWarning, type Warning } from '../protocol/warnings.ts';
import { packageRoot } from './nativePackage.ts';

interface Import {
  readonly from: string;
  readonly to: string;
  /** As it is written. */
  readonly specifier: string;
}
type Imports = ReadonlyMap<string, readonly Import[]>;

/** Warns of the first circle of imports among the user's own files, at the import that closes it; undefined without one. */
export function warnOfCycle(
  program: string,
  { inputs }: Pick<Metafile, 'inputs'>,
  sources: SourceRecord['sources'],
  directory: string,
): Warning | undefined {
  const cycle = findCycle(ownImports(inputs, directory), program);
  const last = cycle?.at(-1);
  if (cycle === undefined || last === undefined) return undefined;
  const names = [last.to, ...cycle.map(({ to }) => to)].map((file) => basename(file));
  const url = pathToFileURL(last.from).href;
  const content = sources.find((source) => source.url === url)?.content ?? '';
  const source = { url, ...placeOf(last.specifier, content) };
  return createWarning('circular-import', names.join(' → '), source);
}

/** What each file imports at once; an `import()` comes when everything is set. */
function ownImports(inputs: Metafile['inputs'], directory: string): Imports {
  const own = Object.entries(inputs).filter(([input]) => packageRoot(input) === undefined);
  return new Map(
    own.map(([input, { imports }]) => {
      const from = resolve(directory, input);
      const atOnce = imports.filter(({ kind }) => kind !== 'dynamic-import');
      const each = atOnce.map(({ path, original: specifier = path }) => {
        return { from, to: resolve(directory, path), specifier };
      });
      return [from, each];
    }),
  );
}

function findCycle(
  imports: Imports,
  file: string,
  path: readonly Import[] = [],
  done = new Set<string>(),
): readonly Import[] | undefined {
  for (const each of imports.get(file) ?? []) {
    const way = [...path, each];
    const start = way.findIndex(({ from }) => from === each.to);
    if (start >= 0) return way.slice(start);
    const found = done.has(each.to) ? undefined : findCycle(imports, each.to, way, done);
    if (found !== undefined) return found;
  }
  done.add(file);
  return undefined;
}

/** Where a specifier stands in quotes, 1-based; the metafile does not say. */
function placeOf(specifier: string, content: string): { line: number; column: number } {
  const quoted = [`'${specifier}'`, `"${specifier}"`].map((text) => content.indexOf(text));
  const before = content.slice(0, Math.max(...quoted, 0)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
