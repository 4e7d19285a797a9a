import { pathToFileURL } from 'node:url';
import type { Program } from 'acorn';
import { simple } from 'acorn-walk';
import { nexSourceLimit } from '../protocol/controlApi.ts';
import type { SourceRecord } from '../protocol/sources.ts';
import { createWarning, type Warning } from '../protocol/warnings.ts';
import { createArtifact, type Artifact } from './artifact.ts';
import { bundleModule, type Bundle } from './bundleModule.ts';
import { checkModuleFunction, checkScriptFunction } from './checkFunction.ts';
import { findWarnings } from './compatibility/findWarnings.ts';
import { isCommonJs, isTypeScript } from './identifyProgram.ts';
import { parseProgram } from './parseProgram.ts';
import { readSourceOptions } from './sourceOptions.ts';
import { findNewSyntax } from './compatibility/newLanguage.ts';
import { transpile } from './transpile.ts';
import { createLocate, type ScriptText } from './writtenText.ts';

/** A classic script that runs in an isolate, and where it came from. */
interface Compiled extends ScriptText {
  readonly bytes: Uint8Array;
  readonly record: SourceRecord;
  readonly inputs: string[];
  readonly warnings: Warning[];
}

/** How a function is built for a real node: nothing in it that such a node could not compile. */
export interface CleanOptions {
  readonly minify: boolean;
}

/**
 * The artifact of a JavaScript or TypeScript file. A classic script in JavaScript is taken byte for byte, so that its
 * lines are those of the file; of one in TypeScript the types are removed; a module is bundled.
 */
export async function buildFunction(
  program: string,
  bytes: Uint8Array,
  clean?: CleanOptions,
): Promise<Artifact> {
  const options = readSourceOptions(program, new TextDecoder().decode(bytes));
  return { ...describeArtifact(await compileFunction(program, bytes, clean)), options };
}

async function compileFunction(
  program: string,
  bytes: Uint8Array,
  clean: CleanOptions | undefined,
): Promise<Compiled> {
  const minify = clean?.minify ?? false;
  const written = isTypeScript(program)
    ? await transpiled(program, false)
    : asWritten(program, bytes);
  const { kind, ast } = parseProgram(written);
  const place = { program, locate: createLocate(written) };
  if (isCommonJs(program) && kind === 'script' && usesCommonJs(ast)) {
    return bundled(program, minify);
  }
  if (kind === 'module') {
    checkModuleFunction(ast, place);
    return bundled(program, minify);
  }
  checkScriptFunction(ast, place);
  const isUnfit = clean !== undefined && findNewSyntax(written.code) !== undefined;
  return minify || isUnfit ? transpiled(program, minify) : written;
}

function asWritten(program: string, bytes: Uint8Array): Compiled {
  const code = new TextDecoder().decode(bytes);
  const url = pathToFileURL(program).href;
  const record = { program, scriptUrl: url, sources: [{ url, content: code }] };
  return { program, code, bytes, record, inputs: [program], warnings: [] };
}

const transpiled = async (program: string, minify: boolean) =>
  compiled(program, { ...(await transpile(program, minify)), inputs: [program], warnings: [] });

const bundled = async (program: string, minify: boolean) =>
  compiled(program, await bundleModule(program, minify));

function compiled(program: string, { code, map, sources, ...made }: Bundle): Compiled {
  const scriptUrl = `${pathToFileURL(program).href}.bundle.js`;
  const record = { program, scriptUrl, sources, map, script: code };
  return { program, code, bytes: Buffer.from(code), map, record, ...made };
}

function usesCommonJs(ast: Program): boolean {
  let found = false;
  simple(ast, {
    Identifier({ name }) {
      found ||= ['module', 'exports', 'require'].includes(name);
    },
  });
  return found;
}

function describeArtifact(script: Compiled): Artifact {
  const { code, bytes, record, inputs } = script;
  const size = bytes.length;
  const warnings = [
    ...(size > nexSourceLimit ? [createWarning('source-too-large', String(size))] : []),
    ...script.warnings,
    ...findWarnings(code, createLocate(script)),
  ];
  return createArtifact({ type: 'v8', bytes, record, warnings, inputs });
}
