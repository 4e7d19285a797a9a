import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { nexSourceLimit } from '../protocol/controlApi.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import type { Warning } from '../protocol/warnings.ts';
import type { WorkloadType } from '../protocol/workloadTypes.ts';
import { buildArtifact, type BuildOptions } from './buildArtifact.ts';

/** What a build for a real node came to. */
export interface BuildReport {
  readonly type: WorkloadType;
  /** Absolute path of the file to deploy: the one written, or the program where it is deployed as it is. */
  readonly file: string;
  readonly bytes: number;
  /** Most bytes that a real Nex 0.3 node takes of this type; undefined where it does not count. */
  readonly limit: number | undefined;
  readonly warnings: readonly Warning[];
}

interface WriteOptions extends Pick<BuildOptions, 'type'> {
  readonly minify: boolean;
  /** A file, or a folder. */
  readonly out?: string | undefined;
}

/** First words of every file that is written without being told where: only such a file is written over. */
const mark = '// Built by nexdev from ';

/** Builds a function into the single file that a real node takes; other types are such a file already. */
export async function writeBuild(
  file: string,
  { type, minify, out }: WriteOptions,
): Promise<BuildReport> {
  const artifact = await buildArtifact(file, { type, clean: { minify } });
  const { record, warnings } = artifact;
  if (artifact.type !== 'v8') {
    const bytes = artifact.bytes.length;
    return { type: artifact.type, file: record.program, bytes, limit: undefined, warnings };
  }
  const isNamed = out !== undefined && !isFolder(out);
  const target = isNamed ? resolve(out) : defaultTarget(record.program, out);
  await refuseTarget(target, artifact.inputs, isNamed);
  const code = new TextDecoder().decode(artifact.bytes).replace(/^#!.*\r?\n/, '');
  const bytes = Buffer.from(`${mark}${basename(record.program)}\n${code}`);
  await writeTarget(target, bytes);
  const others = warnings.filter(({ code: each }) => each !== 'source-too-large');
  return { type: 'v8', file: target, bytes: bytes.length, limit: nexSourceLimit, warnings: others };
}

async function writeTarget(target: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  } catch (cause) {
    const text = `${target} cannot be written: ${errorText(cause)}`;
    throw new NexError('file-unwritable', text, { remedy: 'Name another file with -o.', cause });
  }
}

/** One that is there, or is written as one. */
const isFolder = (path: string) =>
  /[\\/]$/.test(path) || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const defaultTarget = (program: string, folder = dirname(program)) =>
  resolve(folder, `${basename(program, extname(program))}.nex.js`);

async function refuseTarget(target: string, inputs: string[], isNamed: boolean): Promise<void> {
  if (inputs.includes(target)) {
    throw new NexError('overwrites-source', `${target} is one of the sources.`, {
      remedy: 'Name another file with -o.',
    });
  }
  if (isNamed || !existsSync(target)) return;
  if ((await readFile(target, 'utf8')).startsWith(mark)) return;
  throw new NexError('overwrites-file', `${target} exists and was not built by nexdev.`, {
    remedy: 'Name it with -o to write over it, or another file.',
  });
}
