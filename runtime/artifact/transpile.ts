import { dirname } from 'node:path';
import { compile, outputOf } from './compiler.ts';
import { locateMap, type LocatedMap } from './sourceMap.ts';

/**
 * The JavaScript of one file for the V8 of a real node: types are removed and newer syntax is lowered; imports, exports
 * and the completion value stay. Names stay as they are written.
 */
export async function transpile(
  program: string,
  minify: boolean,
): Promise<LocatedMap & { code: string }> {
  const directory = dirname(program);
  const result = await compile({
    entryPoints: [program],
    absWorkingDir: directory,
    outfile: `${program}.bundle.js`,
    // To shorten syntax as well would take the last expression, the function, for one that nobody uses.
    minifyWhitespace: minify,
    minifyIdentifiers: minify,
  });
  const { code, map } = outputOf(result);
  return { code, ...locateMap(map, directory) };
}
