import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, type Program } from 'acorn';
import type { Metafile, Plugin } from 'esbuild';
import { NexError } from '../protocol/nexError.ts';
import type { Warning } from '../protocol/warnings.ts';
import { ScriptSyntax } from './compatibility/scriptSyntax.ts';
import { compile, outputOf } from './compiler.ts';
import { findDeadZones, restoreDeadZones } from './deadZones.ts';
import { refuseEarlyUse } from './earlyUse.ts';
import { refuseBuiltins, refuseNativeFiles } from './importRules.ts';
import { warnOfCycle } from './importCycle.ts';
import { filesWithOwnMap, withoutMaps } from './packageMaps.ts';
import { locateMap, type LocatedMap } from './sourceMap.ts';
import { createLocate, type ScriptText } from './writtenText.ts';

export interface Bundle extends LocatedMap {
  /** A classic script whose completion value is the default export. */
  code: string;
  /** Absolute paths of every file that went in. */
  inputs: string[];
  warnings: Warning[];
}

/**
 * Bundles a module and the npm packages it imports. Nothing is renamed but what has the same name in two files, and
 * default exports and imports of CommonJS, which have none of their own.
 */
export async function bundleModule(program: string, minify: boolean): Promise<Bundle> {
  const directory = dirname(program);
  const first = await runBundler(program, minify, []);
  const ownMaps = filesWithOwnMap(first.metafile, directory, mappedFiles(first.map, directory));
  const { code, map, metafile } =
    ownMaps.size === 0 ? first : await runBundler(program, minify, [withoutMaps(ownMaps)]);
  const inputs = Object.keys(metafile.inputs)
    .filter((input) => !input.startsWith('('))
    .map((input) => resolve(directory, input));
  const bundle = { program, code, inputs, ...locateMap(map, directory) };
  const warning = warnOfCycle(program, metafile, bundle.sources, directory);
  const guarded = warning === undefined || minify ? code : guardCycle(bundle);
  const warnings = warning === undefined ? [] : [warning];
  return { code: toScript(guarded), ...locateMap(map, directory, 1), inputs, warnings };
}

/** In what was minified, declarations of several files are one. */
function guardCycle(bundle: ScriptText & Pick<Bundle, 'code' | 'sources' | 'inputs'>): string {
  const locate = createLocate(bundle);
  const syntax = new ScriptSyntax(bundle.code, 'module');
  const zones = findDeadZones(syntax, locate, bundle.sources);
  refuseEarlyUse(syntax, zones, locate, bundle);
  return restoreDeadZones(bundle.code, zones);
}

async function runBundler(
  program: string,
  minify: boolean,
  plugins: Plugin[],
): Promise<{ code: string; map: string; metafile: Metafile }> {
  const result = await compile({
    entryPoints: [program],
    absWorkingDir: dirname(program),
    outfile: `${program}.bundle.js`,
    bundle: true,
    minify,
    format: 'esm',
    platform: 'neutral',
    // What packages have for places without Node.
    mainFields: ['browser', 'module', 'main'],
    conditions: ['worker', 'browser'],
    // Top-level `this` of a module is undefined; a function's host services hang on the global object.
    define: { this: 'globalThis', 'process.env.NODE_ENV': '"production"' },
    // A classic script has neither.
    supported: { 'top-level-await': false, 'import-meta': false },
    plugins: [refuseBuiltins, refuseNativeFiles, ...plugins],
  });
  return { ...outputOf(result), metafile: result.metafile };
}

const mappedFiles = (map: string, directory: string) =>
  new Set(locateMap(map, directory).sources.map(({ url }) => fileURLToPath(url)));

/** The bundle, one module without imports, as a strict script: its last statement, the exports, becomes the value. */
function toScript(code: string): string {
  const { body } = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  const exports = body.findLast(({ type }) => type.startsWith('Export'));
  const value = exports === undefined ? undefined : defaultExport(exports, code);
  if (exports === undefined || value === undefined) {
    throw new NexError('no-default-export', 'The module has no default export.');
  }
  // A hash-bang is one in the first line only.
  const before = code.slice(0, exports.start).replace(/^#!/, '//');
  const after = code.slice(exports.end);
  return `(() => { 'use strict';\n${before}return ${value};${after}})();\n`;
}

function defaultExport(exports: Program['body'][number], code: string): string | undefined {
  if (exports.type === 'ExportDefaultDeclaration') {
    return code.slice(exports.declaration.start, exports.declaration.end);
  }
  if (exports.type !== 'ExportNamedDeclaration') return undefined;
  const specifier = exports.specifiers.find(
    ({ exported }) => exported.type === 'Identifier' && exported.name === 'default',
  );
  return specifier === undefined
    ? undefined
    : code.slice(specifier.local.start, specifier.local.end);
}
