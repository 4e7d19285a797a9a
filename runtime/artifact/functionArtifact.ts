import { pathToFileURL } from 'node:url';
import { nexSourceLimit } from '../protocol/controlApi.ts';
import type { SourceRecord } from '../protocol/sources.ts';
import type { Warning } from '../protocol/warnings.ts';
import { createArtifact, type Artifact } from './artifact.ts';
import { bundleModule } from './bundleModule.ts';
import { findModuleFunction, findScriptFunction } from './findFunction.ts';
import { parseProgram } from './parseProgram.ts';

/**
 * The artifact of a JavaScript file. A classic script is taken byte for byte, so that its lines are those of the file; a
 * module is bundled.
 */
export async function buildFunction(program: string, bytes: Uint8Array): Promise<Artifact> {
  const source = new TextDecoder().decode(bytes);
  const { kind, ast } = parseProgram(source, program);
  if (kind === 'script') {
    const { isAsync } = findScriptFunction(ast, program);
    const url = pathToFileURL(program).href;
    const record = { program, scriptUrl: url, sources: [{ url, content: source }] };
    return describeArtifact(bytes, record, isAsync, [program]);
  }
  const { isAsync } = findModuleFunction(ast, program);
  const { code, map, sources, inputs } = await bundleModule(program);
  const scriptUrl = `${pathToFileURL(program).href}.bundle.js`;
  const record = { program, scriptUrl, sources, map, script: code };
  return describeArtifact(Buffer.from(code), record, isAsync, inputs);
}

function describeArtifact(
  bytes: Uint8Array,
  record: SourceRecord,
  isAsync: boolean,
  inputs: string[],
): Artifact {
  const warnings = [...sizeWarnings(bytes.length), ...asyncWarnings(isAsync)];
  return createArtifact({ type: 'v8', bytes, record, warnings, inputs });
}

const sizeWarnings = (size: number): Warning[] =>
  size <= nexSourceLimit
    ? []
    : [
        {
          code: 'source-too-large',
          text: `The artifact has ${size} bytes; a real Nex 0.3 node refuses more than ${nexSourceLimit}.`,
        },
      ];

const asyncWarnings = (isAsync: boolean): Warning[] =>
  isAsync
    ? [
        {
          code: 'promise-returned',
          text: 'The function is async: its Promise is awaited here, a real Nex 0.3 node answers {}.',
        },
      ]
    : [];
