import { build, context } from 'esbuild';

/** One bundle per process. What cannot be bundled is native (isolated-vm, esbuild) or given by the host (vscode). */
const bundles = {
  nexdev: 'runtime/main.ts',
  agent: 'runtime/agent/main.ts',
  'debug-adapter': 'debug-adapter/main.ts',
  extension: 'extension/main.ts',
};

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

if (process.argv.includes('--watch')) {
  const watcher = await context(options);
  await watcher.watch();
} else {
  await build(options);
}
