import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping';
import { buildArtifact } from '../../runtime/artifact/buildArtifact.ts';
import type { Artifact } from '../../runtime/artifact/artifact.ts';

/** A temporary folder for each test of a suite, and what is built of the files in it. */
export class SourceFolder {
  path = '';

  /** Registers its own set-up and clean-up with the suite that it is made in. */
  constructor() {
    beforeEach(() => (this.path = mkdtempSync(join(tmpdir(), 'nexdev-artifact-'))));
    afterEach(() => rmSync(this.path, { recursive: true, force: true }));
  }

  /** Answers the file's absolute path. */
  write(name: string, text: string | Uint8Array, mode = 0o644): string {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
    return file;
  }

  build(name: string, text: string): Promise<Artifact> {
    return buildArtifact(this.write(name, text));
  }
}

type AnyFunction = (...args: unknown[]) => unknown;

/** The artifact's completion value, in a V8 without Node. */
export const evaluate = ({ bytes }: Pick<Artifact, 'bytes'>, globals: object = {}): AnyFunction =>
  runInNewContext(Buffer.from(bytes).toString(), { ...globals }) as AnyFunction;

/** Where the place in the artifact's text that `needle` begins at was written: `name:line:column`, 1-based. */
export function writtenAt({ bytes, record }: Artifact, needle: string): string {
  const before = Buffer.from(bytes).toString().split(needle)[0] ?? '';
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n') - 1;
  const found = originalPositionFor(new TraceMap(record.map ?? ''), { line, column });
  return `${found.source?.split('/').at(-1)}:${found.line}:${(found.column ?? -1) + 1}`;
}
