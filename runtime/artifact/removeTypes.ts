import { dirname } from 'node:path';
import { compile, outputOf } from './compiler.ts';
import { locateMap, type LocatedMap } from './sourceMap.ts';

/**
 * The JavaScript of one TypeScript file, its imports and exports as they are (those of types are gone) and its
 * completion value kept. Names stay as they are written.
 */
export async function removeTypes(program: string): Promise<LocatedMap & { code: string }> {
  const directory = dirname(program);
  const result = await compile({
    entryPoints: [program],
    absWorkingDir: directory,
    outfile: `${program}.bundle.js`,
  });
  const { code, map } = outputOf(result);
  return { code, ...locateMap(map, directory) };
}
