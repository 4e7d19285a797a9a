import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';
import type { ImportFault } from './buildFailure.ts';
import { packageRoot } from './nativePackage.ts';

const asked = Symbol('asked');

/** Node's own modules do not exist in an isolate; npm packages of the same name (`events`, `buffer`) do. */
export const refuseBuiltins: Plugin = {
  name: 'refuse-builtins',
  setup(bundler) {
    bundler.onResolve({ filter: /^[a-z]/ }, async ({ path, ...from }) => {
      if (!isBuiltin(path) || from.pluginData === asked) return undefined;
      if (!path.startsWith('node:')) {
        const { importer, resolveDir, kind } = from;
        const options = { importer, resolveDir, kind, pluginData: asked };
        const found = await bundler.resolve(path, options);
        if (found.errors.length === 0) return found;
      }
      return refuse('node-builtin', `"${path}" is a module of Node.js`);
    });
  },
};

/** A file that only Node's loader could link. */
export const refuseNativeFiles: Plugin = {
  name: 'refuse-native-files',
  setup(bundler) {
    bundler.onResolve({ filter: /\.node$/ }, ({ path, importer }) => {
      const root = packageRoot(importer);
      const owner = root === undefined ? '' : ` of the package "${packageName(root)}"`;
      return refuse(
        'native-package',
        `"${path}"${owner} is native code, which an isolate cannot load`,
      );
    });
  },
};

const packageName = (root: string) =>
  root.replace(/^.*[\\/]node_modules[\\/]/s, '').replaceAll('\\', '/');

function refuse(code: ImportFault['code'], text: string) {
  const detail: ImportFault = { code };
  return { errors: [{ text, detail }] };
}
