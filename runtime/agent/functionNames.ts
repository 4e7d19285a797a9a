import { decodedMappings, type TraceMap } from '@jridgewell/trace-mapping';

/**
 * What the functions of a bundle were called by their author: a bundler renames what would collide, and names default
 * exports after their file.
 */
export function createFunctionNames(script: string, map: TraceMap): (name: string) => string {
  let names: ReadonlyMap<string, string> | undefined;
  return (name) => {
    names ??= findRenamed(script, map);
    return names.get(name) ?? name;
  };
}

/** Names in the script, each with the one that was written. Of those that are used twice, the first counts. */
function findRenamed(script: string, map: TraceMap): Map<string, string> {
  const renamed = new Map<string, string>();
  const lines = script.split('\n');
  const sources = (map.sourcesContent ?? []).map((content) => content?.split('\n') ?? []);
  for (const [line, segments] of decodedMappings(map).entries()) {
    for (const segment of segments) {
      const [column, source = 0, sourceLine = 0, sourceColumn = 0, name = -1] = segment;
      const generated = identifierAt(lines[line], column);
      if (generated === undefined || renamed.has(generated)) continue;
      const written = map.names[name] ?? identifierAt(sources[source]?.[sourceLine], sourceColumn);
      const isDefault = written === 'default' && generated.endsWith('_default');
      if (written !== undefined && (name >= 0 || isDefault)) renamed.set(generated, written);
    }
  }
  return renamed;
}

const identifierAt = (line: string | undefined, column: number) =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(line?.slice(column) ?? '')?.[0];
