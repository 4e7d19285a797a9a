import { build, context } from 'esbuild';

/** One bundle per process. What cannot be bundled is native (isolated-vm, esbuild) or given by the host (vscode). */
const bundles = {
  nexdev: 'runtime/main.ts',
  agent: 'runtime/agent/main.ts',
  'debug-adapter': 'debug-adapter/main.ts',
  extension: 'extension/main.ts',
};

/** What runs inside isolates: no Node, one script each without a wrapper of its own. */
const guestOptions = {
  entryPoints: {
    guest: 'runtime/agent/guest/main.ts',
    guestRealm: 'runtime/agent/guest/realm.ts',
    guestWasm: 'runtime/agent/wasm/guest/main.ts',
    guestWasmer: 'runtime/agent/wasm/guest/wasmer/main.ts',
  },
  outdir: 'dist',
  bundle: true,
  minify: true,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  logLevel: 'info',
};

/** The web APIs are what a browser would have: the packages they are made of must take none as given. */
const webApiOptions = {
  ...guestOptions,
  entryPoints: { guestWebApis: 'runtime/agent/guest/web/main.ts' },
  platform: 'neutral',
  mainFields: ['module', 'main'],
};

/** What VS Code's TypeScript server loads: a plugin is the function that the module is. */
const pluginOptions = (shared) => ({
  ...shared,
  entryPoints: { 'typescript-plugin': 'extension/language/typescriptPlugin.ts' },
  footer: { js: 'module.exports = module.exports.createPlugin;' },
});

const options = {
  entryPoints: bundles,
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: true,
  external: ['vscode', 'isolated-vm', 'esbuild'],
  logLevel: 'info',
  // CommonJS has no import.meta.url; the bundle's own file is the same thing.
  define: { 'import.meta.url': '__bundleUrl' },
  banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
};

const all = [options, pluginOptions(options), guestOptions, webApiOptions];

if (process.argv.includes('--watch')) {
  for (const each of all) await (await context(each)).watch();
} else {
  await Promise.all(all.map((each) => build(each)));
}
