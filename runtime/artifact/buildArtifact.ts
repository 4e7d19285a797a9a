import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nexSourceLimit } from '../protocol/controlApi.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import type { SourceRecord } from '../protocol/sources.ts';
import { bundleModule } from './bundleModule.ts';
import { findModuleFunction, findScriptFunction } from './findFunction.ts';
import { parseProgram } from './parseProgram.ts';
import { workloadName } from './workloadName.ts';

/** What is uploaded for one file, and what a debugger needs to lead back to it. */
export interface Artifact {
  bytes: Uint8Array;
  /** Lower-case hex SHA-256 of `bytes`. */
  hash: string;
  /** Workload name that Nex makes of the file's name. */
  name: string;
  record: SourceRecord;
  /** What behaves otherwise on a real Nex node. */
  warnings: string[];
  /** Absolute paths of the files it was made from. */
  inputs: string[];
}

/**
 * Builds the artifact of a JavaScript file. A classic script is taken byte for byte, so that its lines are those of the
 * file; a module is bundled. Errors are NexErrors whose texts name file, line and column where there are any.
 */
export async function buildArtifact(file: string): Promise<Artifact> {
  const program = resolve(file);
  const bytes = await readProgram(program);
  const source = new TextDecoder().decode(bytes);
  const { kind, ast } = parseProgram(source, program);
  if (kind === 'script') {
    const { isAsync } = findScriptFunction(ast, program);
    return describeScript(program, bytes, source, isAsync);
  }
  const { isAsync } = findModuleFunction(ast, program);
  return describeModule(program, isAsync);
}

async function readProgram(program: string): Promise<Uint8Array> {
  if (!['.js', '.mjs'].includes(extname(program).toLowerCase())) {
    throw new NexError('unsupported-file', `${program} is not a JavaScript file.`, {
      remedy: 'Nex Devrun runs files that end in .js or .mjs.',
    });
  }
  const bytes = await readFile(program).catch((cause: unknown) => {
    throw describeReadError(program, cause);
  });
  if (bytes.toString().trim() !== '') return bytes;
  throw new NexError('empty-file', `${program} is empty.`, {
    remedy: 'Write a function into it: `(subject, payload) => { … }`.',
  });
}

function describeReadError(program: string, cause: unknown): NexError {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
    return new NexError('file-not-found', `There is no file ${program}.`, {
      remedy: 'Check the path; it is taken from the current directory.',
      cause,
    });
  }
  return new NexError('file-unreadable', `${program} cannot be read: ${errorText(cause)}`, {
    remedy: 'Check that it is a file and that you may read it.',
    cause,
  });
}

function describeScript(
  program: string,
  bytes: Uint8Array,
  source: string,
  isAsync: boolean,
): Artifact {
  const url = pathToFileURL(program).href;
  const record = { program, scriptUrl: url, sources: [{ url, content: source }] };
  return describeArtifact(program, bytes, record, isAsync, [program]);
}

async function describeModule(program: string, isAsync: boolean): Promise<Artifact> {
  const { code, map, sources, inputs } = await bundleModule(program);
  const scriptUrl = `${pathToFileURL(program).href}.bundle.js`;
  const record = { program, scriptUrl, sources, map };
  return describeArtifact(program, Buffer.from(code), record, isAsync, inputs);
}

function describeArtifact(
  program: string,
  bytes: Uint8Array,
  record: SourceRecord,
  isAsync: boolean,
  inputs: string[],
): Artifact {
  return {
    bytes,
    hash: createHash('sha256').update(bytes).digest('hex'),
    name: workloadName(program),
    record,
    warnings: [...sizeWarnings(bytes.length), ...asyncWarnings(isAsync)],
    inputs,
  };
}

const sizeWarnings = (size: number) =>
  size <= nexSourceLimit
    ? []
    : [`The artifact has ${size} bytes; a real Nex 0.3 node refuses more than ${nexSourceLimit}.`];

const asyncWarnings = (isAsync: boolean) =>
  isAsync
    ? ['The function is async: its Promise is awaited here, a real Nex 0.3 node answers {}.']
    : [];
