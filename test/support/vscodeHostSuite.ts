import { globSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles the suite that runs inside the extension host and returns the module to name as its tests. */
export async function buildHostSuite(): Promise<string> {
  const outdir = resolve('.vscode-test', 'hostSuite');
  await rm(outdir, { recursive: true, force: true });
  const files = ['test/vscode/hostSuite/main.ts', ...globSync('test/vscode/hostSuite/*.test.ts')];
  await build({
    entryPoints: Object.fromEntries(files.map((file) => [basename(file, '.ts'), file])),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    // As in the product's bundles: CommonJS has no import.meta.url.
    define: { 'import.meta.url': '__bundleUrl' },
    banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  });
  return resolve(outdir, 'main.cjs');
}
