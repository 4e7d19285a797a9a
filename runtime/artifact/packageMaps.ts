import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/**
 * Files of packages that were bundled under other names, because they bring source maps of their own. Those lead to
 * sources that are rarely installed; what a reader of `node_modules` opens, and breaks in, is the file itself.
 */
export function filesWithOwnMap(
  { inputs, outputs }: Metafile,
  directory: string,
  mapped: ReadonlySet<string>,
): Set<string> {
  const used = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([input]) => input),
  );
  const files = used.filter((input) => input in inputs).map((input) => resolve(directory, input));
  return new Set(files.filter((file) => /[\\/]node_modules[\\/]/.test(file) && !mapped.has(file)));
}

/** Lets these files be read without their source map comments. */
export const withoutMaps = (files: ReadonlySet<string>): Plugin => ({
  name: 'without-maps',
  setup(bundler) {
    bundler.onLoad({ filter: /\.[cm]?js$/ }, async ({ path }) => {
      if (!files.has(path)) return undefined;
      const text = await readFile(path, 'utf8');
      return { contents: text.replace(/^\/\/[#@] sourceMappingURL=.*$/gm, ''), loader: 'js' };
    });
  },
});
