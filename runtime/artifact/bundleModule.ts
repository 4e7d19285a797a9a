import { isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { build, BuildFailure, BuildResult, Message, Plugin } from 'esbuild';
import { z } from 'zod';
import { NexError, errorText } from '../protocol/nexError.ts';

export interface Bundle {
  /** A classic script whose completion value is the default export. */
  code: string;
  /** Source map v3, JSON text; its `sources` are absolute `file:` URLs. */
  map: string;
  sources: { url: string; content: string }[];
  /** Absolute paths of every file that went in. */
  inputs: string[];
}

const globalName = '__nexModule';
const mapSchema = z.looseObject({
  sources: z.array(z.string()),
  sourcesContent: z.array(z.string().nullable()),
});

/** Bundles a module and the npm packages it imports. Errors name file, line and column. */
export async function bundleModule(file: string): Promise<Bundle> {
  const directory = dirname(file);
  const result = await runEsbuild(file, directory);
  const output = (suffix: string) =>
    result.outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? '';
  const { map, sources } = locateSources(output('.js.map'), directory);
  const inputs = Object.keys(result.metafile.inputs)
    .filter((input) => !input.startsWith('('))
    .map((input) => resolve(directory, input));
  return { code: output('.js'), map, sources, inputs };
}

type Result = BuildResult<{ write: false; metafile: true }>;

async function runEsbuild(file: string, directory: string): Promise<Result> {
  const esbuild = await loadEsbuild();
  try {
    return await esbuild.build({
      entryPoints: [file],
      absWorkingDir: directory,
      outfile: `${file}.bundle.js`,
      write: false,
      metafile: true,
      bundle: true,
      format: 'iife',
      globalName,
      footer: { js: `${globalName}.default;` },
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'es2024',
      // Top-level `this` of a module is undefined; a function's host services hang on the global object.
      define: { this: 'globalThis', 'process.env.NODE_ENV': '"production"' },
      sourcemap: 'external',
      logLevel: 'silent',
      plugins: [refuseBuiltins],
    });
  } catch (error) {
    throw isBuildFailure(error) ? describeFailure(error, directory) : error;
  }
}

/** Loaded at use: most functions are classic scripts, which need no bundler. */
async function loadEsbuild(): Promise<{ build: typeof build }> {
  try {
    return await import('esbuild');
  } catch (cause) {
    throw new NexError('bundler-missing', `esbuild cannot be loaded: ${errorText(cause)}`, {
      remedy: 'Install Nex Devrun again; modules with imports need it.',
      cause,
    });
  }
}

const builtinCode = 'node-builtin';

/** Node's own modules do not exist in an isolate; npm packages of the same name (`events`, `buffer`) do. */
const refuseBuiltins: Plugin = {
  name: 'refuse-builtins',
  setup(bundler) {
    bundler.onResolve({ filter: /^[a-z]/ }, async ({ path, ...from }) => {
      if (!isBuiltin(path) || from.pluginData === builtinCode) return undefined;
      if (!path.startsWith('node:')) {
        const { importer, resolveDir, kind } = from;
        const options = { importer, resolveDir, kind, pluginData: builtinCode };
        const found = await bundler.resolve(path, options);
        if (found.errors.length === 0) return found;
      }
      return { errors: [{ text: `"${path}" is a module of Node.js`, detail: builtinCode }] };
    });
  },
};

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && 'errors' in error && Array.isArray(error.errors);

function describeFailure(failure: BuildFailure, directory: string): NexError {
  const [first, ...more] = failure.errors;
  if (first === undefined) return new NexError('bundle-failed', failure.message);
  const { code, remedy } = classify(first);
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  const text = `${describeLocation(first, directory)}${first.text}${rest}`;
  return new NexError(code, text, { remedy, cause: failure });
}

function classify({ text, detail }: Message): { code: string; remedy: string } {
  if (detail === builtinCode) {
    return {
      code: builtinCode,
      remedy:
        'A function runs without Node.js: use the host services (this.kv, this.objectStore, this.http, this.messaging).',
    };
  }
  if (text.startsWith('Could not resolve')) {
    return { code: 'import-not-found', remedy: 'Check the path, or `npm install` the package.' };
  }
  return { code: 'syntax-error', remedy: 'Correct the line; what runs already goes on answering.' };
}

function describeLocation({ location }: Message, directory: string): string {
  if (location === null) return '';
  const file = resolve(directory, location.file);
  return `${file}:${location.line}:${location.column + 1}: `;
}

function locateSources(text: string, directory: string): Pick<Bundle, 'map' | 'sources'> {
  const map = mapSchema.parse(JSON.parse(text));
  const urls = map.sources.map((source) => pathToFileURL(resolve(directory, source)).href);
  const sources = urls.map((url, index) => ({ url, content: map.sourcesContent[index] ?? '' }));
  return { map: JSON.stringify({ ...map, sources: urls }), sources };
}
